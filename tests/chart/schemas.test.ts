import { createRequire } from 'node:module';
import * as monitoring from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import * as traefik from '@kubernetes-models/traefik/traefik.io/v1alpha1';
import { describe, expect, it } from 'vitest';
import { type ChartObject, title } from './chart-object.ts';
import { render } from './helm.ts';
import { installations } from './installations.ts';

/** A class that knows the JSON schema of its kind. */
type Model = new (object: object) => { validate(): void };

// The package has types for its root alone.
const require = createRequire(import.meta.url);

/** Our own kinds are not here: the API server holds their objects to the definitions in `install.test.ts`. */
const models: Readonly<Record<string, object>> = {
  'apps/v1': require('kubernetes-models/apps/v1') as object,
  'monitoring.coreos.com/v1': monitoring,
  'networking.k8s.io/v1': require('kubernetes-models/networking.k8s.io/v1') as object,
  'policy/v1': require('kubernetes-models/policy/v1') as object,
  'rbac.authorization.k8s.io/v1': require('kubernetes-models/rbac.authorization.k8s.io/v1') as object,
  'storage.k8s.io/v1': require('kubernetes-models/storage.k8s.io/v1') as object,
  'traefik.io/v1alpha1': traefik,
  v1: require('kubernetes-models/v1') as object,
};

function modelOf({ apiVersion, kind }: ChartObject): Model {
  const model = (models[apiVersion] as Readonly<Record<string, Model>> | undefined)?.[kind];
  return model ?? expect.fail(`No schema of ${apiVersion} ${kind} is known`);
}

describe.each(Object.entries(installations))('the objects for %s', (_who, values) => {
  it('are right by the schemas of Kubernetes, Traefik and the Prometheus Operator', () => {
    for (const object of render(values).filter(({ kind }) => kind !== 'VDITemplate')) {
      const Kind = modelOf(object);
      expect(() => new Kind(object).validate(), title(object)).not.toThrow();
    }
  });
});

describe('the schemas', () => {
  it.each<ChartObject & { readonly spec: object }>([
    { apiVersion: 'v1', kind: 'Service', metadata: {}, spec: { ports: [{ port: '8080' }] } },
    { apiVersion: 'traefik.io/v1alpha1', kind: 'IngressRoute', metadata: {}, spec: {} },
    { apiVersion: 'monitoring.coreos.com/v1', kind: 'ServiceMonitor', metadata: {}, spec: {} },
  ])('of $apiVersion refuse a $kind that is wrong', (wrong) => {
    const Kind = modelOf(wrong);
    expect(() => new Kind(wrong).validate()).toThrow();
  });
});
