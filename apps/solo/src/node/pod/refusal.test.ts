import type { PodSpec } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { aContainer, aPod } from './pod-builders.ts';
import { refusalOf } from './refusal.ts';

const refused = (spec: Partial<PodSpec>, labels = {}): string | undefined => refusalOf(aPod(spec), labels)?.message;
const privileged = { containers: [aContainer({ securityContext: { privileged: true } })] };
const withSubPath = (volume: object): Partial<PodSpec> => ({
  volumes: [{ name: 'v', ...volume }],
  containers: [aContainer({ volumeMounts: [{ name: 'v', mountPath: '/x', subPath: 'y' }] })],
});

describe('a Pod is refused', () => {
  it.each([
    ['hostPath', { volumes: [{ name: 'v', hostPath: { path: '/' } }] }],
    ['kind nfs', { volumes: [{ name: 'v', nfs: {} }] }],
    ['service-account token', { volumes: [{ name: 'v', projected: { sources: [{ serviceAccountToken: {} }] } }] }],
    ['hostNetwork', { hostNetwork: true }],
    ['shareProcessNamespace', { shareProcessNamespace: true }],
    ['sysctls', { securityContext: { sysctls: [{ name: 'a', value: 'b' }] } }],
    ['privileged', privileged],
    ['seccomp', { containers: [aContainer({ securityContext: { seccompProfile: { type: 'Localhost' as const } } })] }],
    ['subPath', withSubPath({ emptyDir: {} })],
    ['subPath', withSubPath({ persistentVolumeClaim: { claimName: 'home' } })],
  ])('for %s', (word, spec) => {
    expect(refused(spec)).toContain(word);
  });

  it('but not for what is harmless', () => {
    expect(refused({})).toBeUndefined();
    expect(refused(withSubPath({ configMap: { name: 'c' } }))).toBeUndefined();
    expect(refused(privileged, { 'pod-security.kubernetes.io/enforce': 'privileged' })).toBeUndefined();
    expect(refused(privileged, { 'pod-security.kubernetes.io/enforce': 'baseline' })).toContain(
      'kubectl label namespace',
    );
  });
});
