import type { VDITemplateSpec } from '@vdi/api';
import type { Pod } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { aSession, aTemplate, aUser, testSettings } from '../../testing/builders.ts';
import { wantedDesktop } from '../wanted-desktop.ts';
import { desiredConfigMap } from './config-map.ts';
import { desiredNetworkPolicy } from './network-policy.ts';
import { desiredPod } from './pod.ts';
import { deniedOverlayField, withOverlay } from './pod-overlay.ts';
import { desiredRoute } from './route.ts';
import { desiredService } from './service.ts';

const session = aSession({}, { uid: '5b0a5b2e-0000-4000-8000-000000000001' });

function podOf(spec: Partial<VDITemplateSpec>, asked: Parameters<typeof aSession>[0] = {}): Pod {
  const template = { ...aTemplate(spec), metadata: { name: 'xfce', uid: 'template-uid', generation: 3 } };
  const wanting = aSession(asked, { uid: session.metadata.uid ?? '' });
  const user = aUser({ preferences: { locale: 'de_CH.UTF-8', timeZone: 'Europe/Zurich' } });
  const wanted = wantedDesktop(wanting, template, user, testSettings);
  const incarnation = { number: 2, lostBefore: 1 };
  return desiredPod({ session: wanting, wanted, user, gpu: wanted.gpu, incarnation, settings: testSettings });
}

const golden = (name: string): string => `golden/${name}.golden`;
const text = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

describe('the Pod of a session', () => {
  const cases: readonly (readonly [string, Partial<VDITemplateSpec>, Parameters<typeof aSession>[0]])[] = [
    ['plain', {}, {}],
    ['gpu-render', { gpu: { render: true, encoder: 'nvenc' }, resources: { defaultGPU: 1, maxGPU: 2 } }, {}],
    ['without-home', { policy: { files: 'none', egress: 'none' } }, { persistence: { enabled: false } }],
    ['web-desktop', { image: 'lscr.io/linuxserver/webtop:latest', protocol: 'http', security: { runAsUser: 911 } }, {}],
    [
      'everything',
      {
        command: ['startxfce4'],
        args: ['--verbose'],
        env: [
          { name: 'COURSE', value: 'python' },
          { name: 'DISPLAY', value: ':9' },
        ],
        imagePullSecrets: [{ name: 'registry' }],
        sidecars: [{ name: 'proxy', image: 'proxy:1' }],
        scheduling: { nodeSelector: { pool: 'desktops' }, priorityClassName: 'desktops', runtimeClassName: 'gvisor' },
        persistence: { sharedVolumes: [{ name: 'material', claimName: 'course', mountPath: '/srv/material' }] },
        lifecycle: { gracePeriod: '90s' },
        applications: [{ name: 'Firefox', command: ['firefox'] }],
      },
      { resources: { cpu: 4, memory: '6Gi' }, displayName: 'Python' },
    ],
  ];

  it.each(cases)('is as agreed: %s', async (name, template, asked) => {
    await expect(text(podOf(template, asked))).toMatchFileSnapshot(golden(name));
  });

  it('is the same for the same input, whatever the order of what was asked', () => {
    const one = podOf({ env: [{ name: 'A', value: '1' }], command: ['x'] });
    const other = podOf({ command: ['x'], env: [{ name: 'A', value: '1' }] });
    expect(text(one)).toBe(text(other));
  });

  it('gives the Secret to the display alone', () => {
    const { initContainers = [], containers } = podOf({ sidecars: [{ name: 'proxy', image: 'proxy:1' }] }).spec;
    const mountsSecret = ({ volumeMounts = [] }: (typeof containers)[number]) =>
      volumeMounts.some(({ name }) => name === 'secret');
    expect(initContainers.map(mountsSecret)).toEqual([true]);
    expect(containers.map(mountsSecret)).toEqual([false, false]);
  });

  it('shows the home to the display only where files may pass', () => {
    const homeOf = (files: 'both' | 'none') =>
      podOf({ policy: { files } }).spec.initContainers?.[0]?.volumeMounts?.some(({ name }) => name === 'home');
    expect([homeOf('both'), homeOf('none')]).toEqual([true, false]);
  });

  it('keeps a template from pointing the desktop at another display', () => {
    const { env = [] } = podOf({ env: [{ name: 'DISPLAY', value: ':9' }] }).spec.containers[0] ?? {};
    expect(env.filter(({ name }) => name === 'DISPLAY')).toEqual([{ name: 'DISPLAY', value: ':0' }]);
  });
});

describe('what a Pod stands on', () => {
  it('is as agreed: Service, route and ConfigMap', async () => {
    const wanted = wantedDesktop(session, aTemplate({ applications: [{ name: 'Firefox' }] }), undefined, testSettings);
    const objects = [
      desiredService(session),
      desiredRoute(session, 'alice.vdi.example.com', testSettings.route),
      desiredConfigMap(session, wanted),
    ];
    await expect(text(objects)).toMatchFileSnapshot(golden('ground'));
  });

  it.each(['none', 'internet', 'lan'] as const)('is as agreed: the network policy for egress %s', async (egress) => {
    const network = {
      ...testSettings.network,
      lanCidrs: ['10.20.0.0/16'],
      blockedCidrs: ['203.0.113.7/32', '2001:db8::7/128'],
      turn: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'vdi-turn' } } }],
    };
    await expect(text(desiredNetworkPolicy(session, egress, network))).toMatchFileSnapshot(golden(`egress-${egress}`));
  });
});

describe('a pod overlay', () => {
  it.each([
    [{ spec: { hostNetwork: true } }, 'spec.hostNetwork'],
    [{ spec: { securityContext: { runAsUser: 0 } } }, 'spec.securityContext'],
    [{ spec: { serviceAccountName: 'admin' } }, 'spec.serviceAccountName'],
    [{ spec: { initContainers: [] } }, 'spec.initContainers'],
    [
      { spec: { containers: [{ name: 'desktop', securityContext: { privileged: true } }] } },
      'spec.containers[desktop].securityContext',
    ],
    [{ spec: { containers: [{ name: 'extra', image: 'x' }] } }, 'spec.containers["extra"]'],
    [{ spec: { volumes: [{ name: 'h', hostPath: { path: '/' } }] } }, 'spec.volumes["h"].hostPath'],
    [{ spec: { volumes: [{ name: 's', secret: { secretName: 'other' } }] } }, 'spec.volumes["s"].secret'],
    [
      { spec: { volumes: [{ name: 'p', persistentVolumeClaim: { claimName: 'home-of-another' } }] } },
      'spec.volumes["p"].persistentVolumeClaim',
    ],
    [{ metadata: { labels: { 'vdi.kasm.io/session': 'other' } } }, 'metadata.labels[vdi.kasm.io/session]'],
    [{ metadata: { ownerReferences: [] } }, 'metadata.ownerReferences'],
    [{ status: {} }, 'status'],
  ])('is refused when it sets %j', (overlay, field) => {
    expect(deniedOverlayField(overlay)).toBe(field);
  });

  it('is merged by names where lists have them, and null removes', () => {
    const overlay = {
      metadata: { annotations: { team: 'blue' } },
      spec: {
        dnsPolicy: 'None',
        hostname: null,
        containers: [
          {
            name: 'desktop',
            env: [
              { name: 'HOME', value: '/elsewhere' },
              { name: 'EXTRA', value: '1' },
            ],
          },
        ],
      },
    };
    const plain = podOf({});
    const changed = withOverlay(plain, overlay);
    expect(deniedOverlayField({ ...overlay, spec: { ...overlay.spec, hostname: undefined } })).toBe('spec.hostname');
    expect(changed.spec).toMatchObject({ dnsPolicy: 'None' });
    expect(changed.spec).not.toHaveProperty('hostname');
    const { env = [], image } = changed.spec.containers[0] ?? {};
    expect(image).toBe('registry.example/xfce:1');
    expect(env).toEqual(
      expect.arrayContaining([
        { name: 'HOME', value: '/elsewhere' },
        { name: 'EXTRA', value: '1' },
      ]),
    );
    expect(changed.spec.initContainers).toEqual(plain.spec.initContainers);
    expect(changed.metadata.annotations).toMatchObject({ team: 'blue', 'vdi.kasm.io/incarnation': '2' });
  });
});
