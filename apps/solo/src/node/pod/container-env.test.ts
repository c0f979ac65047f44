import type { Container, EnvVar } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { containerEnv } from './container-env.ts';
import { aContainer, aPod } from './pod-builders.ts';

const pod = aPod({}, { labels: { app: 'a' }, annotations: { 'a/b': 'c' } });
const sources = {
  pod,
  facts: {
    nodeName: 'node',
    hostIP: '192.0.2.1',
    podIP: '10.0.0.2',
    capacity: { cpu: 4, memory: 2 ** 33, ephemeralStorage: 0 },
  },
  configMap: (name: string) =>
    name === 'settings' ? { colour: Buffer.from('blue'), size: Buffer.from('9') } : undefined,
  secret: (name: string) => (name === 'keys' ? { key: Buffer.from('s3cret') } : undefined),
};
const envOf = (container: Partial<Container>) => containerEnv(aContainer(container), sources);
const valueOf = (valueFrom: NonNullable<EnvVar['valueFrom']>, more: Partial<Container> = {}) =>
  envOf({ env: [{ name: 'X', valueFrom }], ...more })['X'];

describe('the environment of a container', () => {
  it('expands earlier variables only', () => {
    const env = [
      { name: 'EARLY', value: '$(LATE)' },
      { name: 'LATE', value: 'late' },
      { name: 'BOTH', value: '$(LATE)-$$(LATE)' },
    ];
    expect(envOf({ env })).toEqual({ EARLY: '$(LATE)', LATE: 'late', BOTH: 'late-$(LATE)' });
  });

  it('takes whole objects, with a prefix, and lets single variables win', () => {
    const envFrom = [{ prefix: 'S_', configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }];
    expect(envOf({ envFrom, env: [{ name: 'key', value: 'mine' }] })).toEqual({
      S_colour: 'blue',
      S_size: '9',
      key: 'mine',
    });
  });

  it.each([
    ['metadata.name', 'pod'],
    ["metadata.labels['app']", 'a'],
    ["metadata.annotations['a/b']", 'c'],
    ['status.podIP', '10.0.0.2'],
    ['spec.nodeName', 'node'],
  ])('knows the field %s', (fieldPath, value) => {
    expect(valueOf({ fieldRef: { fieldPath } })).toBe(value);
  });

  it('counts resources in units, rounded up, and takes the machine’s where no limit is set', () => {
    const resources = { limits: { memory: '100Mi' }, requests: { cpu: '250m' } };
    expect(valueOf({ resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } }, { resources })).toBe('100');
    expect(valueOf({ resourceFieldRef: { resource: 'requests.cpu' } }, { resources })).toBe('1');
    expect(valueOf({ resourceFieldRef: { resource: 'requests.cpu', divisor: '1m' } }, { resources })).toBe('250');
    expect(valueOf({ resourceFieldRef: { resource: 'limits.cpu' } }, { resources })).toBe('4');
  });

  it('says what is missing, unless it is optional', () => {
    expect(() => valueOf({ secretKeyRef: { name: 'none', key: 'a' } })).toThrow('secret "none" not found');
    expect(() => valueOf({ configMapKeyRef: { name: 'settings', key: 'a' } })).toThrow(
      'couldn\'t find key a in configmap "settings"',
    );
    expect(valueOf({ configMapKeyRef: { name: 'settings', key: 'a', optional: true } })).toBeUndefined();
    expect(envOf({ envFrom: [{ secretRef: { name: 'none', optional: true } }] })).toEqual({});
    expect(() => valueOf({ fieldRef: { fieldPath: 'spec.secret' } })).toThrow(/no field "spec.secret"/);
  });
});
