import { describe, expect, it } from 'vitest';
import { allOf, type Container, type PodSpec, workloads } from './chart-object.ts';
import { render } from './helm.ts';
import { full, installations } from './installations.ts';
import { hardeningViolations, restrictedViolations } from './pod-security.ts';

describe.each(Object.entries(installations))('Pods of the chart for %s', (_who, values) => {
  const pods = workloads(render(values)).map(({ spec }) => spec.template.spec);

  it('are admitted where Pod Security is "restricted", and are hardened beyond', () => {
    expect(pods).toHaveLength(2);
    for (const pod of pods) {
      expect(restrictedViolations(pod)).toEqual([]);
      expect(pod.containers.flatMap(hardeningViolations)).toEqual([]);
      expect(pod['enableServiceLinks']).toBe(false);
      expect(pod.securityContext).toMatchObject({ runAsUser: 1000, runAsGroup: 1000 });
    }
  });

  it('are asked whether they start, live and can be used, at a port that they have', () => {
    for (const { containers } of pods) {
      for (const container of containers) {
        for (const probe of ['startupProbe', 'readinessProbe', 'livenessProbe']) {
          const { httpGet } = container[probe] as {
            readonly httpGet: { readonly path: string; readonly port: string };
          };
          expect(httpGet.path).toBe(probe === 'readinessProbe' ? '/readyz' : '/healthz');
          expect(container.ports?.map(({ name }) => name)).toContain(httpGet.port);
        }
      }
    }
  });
});

describe('namespaces of sessions', () => {
  it('admit restricted Pods alone, and warn and audit by the same measure where an administrator allows more', () => {
    const labelsOf = (podSecurity: string) =>
      allOf(render({ ...full, sessions: { podSecurity } }), 'Namespace').map(({ metadata }) => metadata.labels);
    const level = (mode: string) => `pod-security.kubernetes.io/${mode}`;
    const both = { [level('warn')]: 'restricted', [level('audit')]: 'restricted' };
    expect(labelsOf('restricted')).toMatchObject([{ [level('enforce')]: 'restricted', ...both }]);
    expect(labelsOf('baseline')).toMatchObject([{ [level('enforce')]: 'baseline', ...both }]);
  });
});

describe('the check of Pods', () => {
  const container: Container = {
    name: 'main',
    image: 'example.com/main:1',
    securityContext: {
      runAsNonRoot: true,
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
  const pod: PodSpec = { containers: [container], volumes: [{ name: 'tmp', emptyDir: {} }] };
  const withSecurity = (securityContext: object): PodSpec => ({
    containers: [{ ...container, securityContext: { ...container.securityContext, ...securityContext } }],
  });

  it('finds nothing in a Pod of the profile, wherever it says so', () => {
    expect(restrictedViolations(pod)).toEqual([]);
    const { runAsNonRoot, seccompProfile, ...rest } = container.securityContext ?? {};
    const inPod = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
    expect([runAsNonRoot, seccompProfile]).toEqual([inPod.runAsNonRoot, inPod.seccompProfile]);
    const moved = { containers: [{ ...container, securityContext: rest }], securityContext: inPod };
    expect(restrictedViolations(moved)).toEqual([]);
  });

  it.each<readonly [PodSpec, string]>([
    [{ ...pod, hostNetwork: true }, 'hostNetwork'],
    [{ ...pod, hostPID: true }, 'hostPID'],
    [{ ...pod, volumes: [{ name: 'host', hostPath: { path: '/' } }] }, 'volume host is a hostPath'],
    [{ ...pod, securityContext: { sysctls: [{ name: 'kernel.msgmax' }] } }, 'sysctl kernel.msgmax'],
    [withSecurity({ privileged: true }), 'main: is privileged'],
    [withSecurity({ allowPrivilegeEscalation: undefined }), 'main: may gain privileges'],
    [withSecurity({ capabilities: {} }), 'main: keeps capabilities'],
    [withSecurity({ capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } }), 'main: adds SYS_ADMIN'],
    [withSecurity({ runAsNonRoot: false }), 'main: may run as root'],
    [withSecurity({ runAsUser: 0 }), 'main: runs as root'],
    [withSecurity({ seccompProfile: { type: 'Unconfined' } }), 'main: has no seccomp profile'],
    [withSecurity({ procMount: 'Unmasked' }), 'main: has an unmasked /proc'],
    [
      { containers: [{ ...container, ports: [{ name: 'a', containerPort: 80, hostPort: 80 } as never] }] },
      'main: takes a port of its host',
    ],
    [{ ...pod, initContainers: [{ name: 'first', image: 'a', securityContext: {} }] }, 'first: may gain privileges'],
  ])('%# names what is wrong: %s', (wrong, what) => {
    expect(restrictedViolations(wrong)).toContain(what);
  });
});
