import type { KubernetesObject } from '../resource/resource.ts';
import { withManagedFields } from './managed-fields.ts';

/** What of an object takes part in a comparison: everything but the bookkeeping itself. */
export function comparable(object: KubernetesObject | undefined): KubernetesObject {
  if (object === undefined) return { apiVersion: '', kind: '', metadata: {} };
  return object.metadata.managedFields === undefined ? object : withManagedFields(object, []);
}
