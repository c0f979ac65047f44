import { apiVersionOf } from '../catalog/catalog.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { badRequest } from './errors.ts';
import type { CollectionRef } from './object-ref.ts';

/** That a body is of the kind, namespace and name that the path asks for. Throws 400. */
export function checkEnvelope(collection: CollectionRef, object: KubernetesObject, name?: string): void {
  const { resource, namespace } = collection;
  const { apiVersion, kind, metadata } = object;
  if (typeof metadata !== 'object' || metadata === null)
    throw badRequest('metadata: Required value: must be an object');
  if (apiVersion !== apiVersionOf(resource)) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(resource)})`,
    );
  }
  if (kind !== resource.kind) {
    throw badRequest(`the kind in the data (${kind}) does not match the expected kind (${resource.kind})`);
  }
  const { namespace: found = '' } = metadata;
  if (resource.namespaced && found !== '' && found !== namespace) {
    throw badRequest(
      `the namespace of the provided object does not match the namespace sent on the request (${found} is not ${namespace})`,
    );
  }
  if (!resource.namespaced && found !== '') {
    throw badRequest(`${resource.kind} is cluster-scoped: remove metadata.namespace`);
  }
  if (name !== undefined && (metadata.name ?? '') !== name) {
    throw badRequest(`the name of the object (${metadata.name ?? ''}) does not match the name on the URL (${name})`);
  }
}
