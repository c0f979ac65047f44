import { userKey } from '@vdi/api';
import { builtinResources } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { resources } from '../objects/resources.ts';
import { aSession, aTemplate, aUser } from '../testing/builders.ts';
import { bindClaim } from '../testing/scripted-node.ts';
import { anAgentStatus } from '../testing/scripted-agents.ts';
import { TestOperator } from '../testing/test-operator.ts';

const homeName = `home-${userKey('alice@example.com')}`;
const home = `persistentvolumeclaims/${homeName}`;
const minute = 60_000;

/** A session that was created and has come to rest. */
async function started(spec: Parameters<typeof aSession>[0] = {}): Promise<TestOperator> {
  const test = await TestOperator.start();
  await test.create(resources.sessions, aSession(spec));
  await test.converge();
  return test;
}

async function changeTemplate(test: TestOperator, spec: object): Promise<void> {
  await test.kube.patch(resources.templates, { name: 'xfce' }, { type: 'merge', value: { spec } });
}

async function pass(test: TestOperator, milliseconds: number): Promise<void> {
  await test.cluster.clock.advance(milliseconds);
  await test.converge();
}

/** From the finalizer to the last status, by which a session that has come to rest became Running. */
function writesToRunning({ writes }: TestOperator): readonly string[] {
  return writes.slice(
    writes.indexOf('PATCH vdisessions/desk'),
    writes.lastIndexOf('PATCH vdisessions/desk/status') + 1,
  );
}

describe('a session', () => {
  it('becomes Running with at most twelve writes, and a second look writes nothing', async () => {
    await using test = await started();
    expect((await test.session()).status).toMatchObject({
      phase: 'Running',
      podName: 'desk-1',
      host: 'alice',
      url: 'https://alice.vdi.example.com',
      node: 'node-a',
      gpu: 0,
      homeClaim: homeName,
    });
    expect(writesToRunning(test).length, test.writes.join('\n')).toBeLessThanOrEqual(12);
    const before = test.writes.length;
    const value = { metadata: { labels: { touched: 'yes' } } };
    await test.kube.patch(resources.sessions, { namespace: 'vdi-sessions', name: 'desk' }, { type: 'merge', value });
    await test.converge();
    expect(test.writes.slice(before)).toEqual([]);
  });

  it('writes the finalizer first, and everything that the Pod stands on before the Pod', async () => {
    await using test = await started();
    // What is said of the template is none of the session's.
    expect(test.writes.filter((write) => !write.includes('vditemplates'))[0]).toBe('PATCH vdisessions/desk');
    const pod = test.writes.indexOf('POST pods');
    for (const ground of [`PATCH ${home}`, 'PATCH networkpolicies/desk', 'PATCH configmaps/desk', 'POST secrets']) {
      expect(test.writes.indexOf(ground), ground).toBeGreaterThan(0);
      expect(test.writes.indexOf(ground), ground).toBeLessThan(pod);
    }
  });

  it('leaves nothing but the home when it is deleted', async () => {
    await using test = await started();
    await test.delete('desk');
    await test.converge();
    expect(await test.objects()).toEqual([home]);
  });

  it('keeps its finalizer and its policy until the Pod has stopped', async () => {
    await using test = await started();
    test.node.script.stops = false;
    await test.delete('desk');
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Terminating');
    expect(await test.objects()).toContain('networkpolicies/desk');
    test.node.script.stops = true;
    await test.converge();
    expect(await test.objects()).toEqual([home]);
  });

  it('stops its Pod when suspended, keeps home, host and Service, and comes back', async () => {
    await using test = await started();
    test.node.script.stops = false;
    await test.change('desk', { suspended: true });
    await test.converge();
    expect((await test.session()).status).toMatchObject({ phase: 'Terminating', podName: 'desk-1' });
    expect(await test.condition('Ready')).toMatchObject({ reason: 'Suspending' });
    test.node.script.stops = true;
    await test.converge();
    expect((await test.session()).status).toMatchObject({ phase: 'Suspended', host: 'alice' });
    expect(await test.objects()).toEqual(expect.arrayContaining([home, 'services/desk', 'secrets/desk']));
    expect(await test.objects()).not.toContain('pods/desk-1');
    await test.change('desk', { suspended: false });
    await test.converge();
    expect((await test.session()).status).toMatchObject({ phase: 'Running', host: 'alice' });
  });

  it('gets a new Pod when one is lost, with growing pauses, and says that the home is safe', async () => {
    await using test = await started();
    await test.node.lose('desk-1', 'Evicted');
    await test.settle();
    expect(await test.condition('Ready')).toMatchObject({
      reason: 'Restarting',
      message: expect.stringContaining('Evicted') as string,
    });
    await test.converge();
    expect((await test.session()).status).toMatchObject({ phase: 'Running', podName: 'desk-2' });
    await test.node.lose('desk-2', 'UnexpectedAdmissionError');
    await test.settle();
    expect(await test.condition('Ready')).toMatchObject({ reason: 'BackingOff' });
    expect(await test.condition('Scheduled')).toMatchObject({ reason: 'NodeRefused' });
    await test.converge();
    expect((await test.session()).status).toMatchObject({ phase: 'Running', podName: 'desk-3' });
  });

  it('makes a Pod again that somebody deleted', async () => {
    await using test = await started();
    await test.kube.delete(resources.pods, { namespace: 'vdi-sessions', name: 'desk-1' });
    await test.converge();
    expect((await test.session()).status).toMatchObject({ phase: 'Running', podName: 'desk-1' });
  });

  it('puts back what somebody removed or changed of its children', async () => {
    await using test = await started();
    await test.kube.delete(resources.services, { namespace: 'vdi-sessions', name: 'desk' });
    const value = { spec: { egress: [{}] } };
    const name = { namespace: 'vdi-sessions', name: 'desk' };
    await test.kube.patch(resources.networkPolicies, name, { type: 'merge', value });
    await test.converge();
    expect(await test.objects()).toContain('services/desk');
    expect(await test.kube.get(resources.networkPolicies, name)).not.toMatchObject(value);
  });
});

describe('a session where Traefik serves routes', () => {
  async function withTraefik(): Promise<TestOperator> {
    const test = await TestOperator.start();
    await test.create(builtinResources.customResourceDefinitions, ingressRouteDefinition);
    await test.startOperator();
    await test.create(resources.sessions, aSession());
    await test.converge();
    return test;
  }

  it('has a route for exactly its host at once, within twelve writes in all', async () => {
    await using test = await withTraefik();
    const route = await test.kube.get(resources.ingressRoutes, { namespace: 'vdi-sessions', name: 'desk' });
    expect(route).toMatchObject({ spec: { routes: [{ match: 'Host(`alice.vdi.example.com`)' }] } });
    expect((await test.session()).status?.phase).toBe('Running');
    expect(writesToRunning(test).length, test.writes.join('\n')).toBeLessThanOrEqual(12);
    expect(test.writes).toContain('PATCH ingressroutes/desk');
  });

  it('takes its route away when it is deleted', async () => {
    await using test = await withTraefik();
    await test.delete('desk');
    await test.converge();
    expect((await test.kube.list(resources.ingressRoutes)).items).toEqual([]);
  });
});

/** As far as the operator needs it: https://doc.traefik.io/traefik/reference/dynamic-configuration/kubernetes-crd/ */
const ingressRouteDefinition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'ingressroutes.traefik.io' },
  spec: {
    group: 'traefik.io',
    names: { kind: 'IngressRoute', listKind: 'IngressRouteList', plural: 'ingressroutes', singular: 'ingressroute' },
    scope: 'Namespaced',
    versions: [
      {
        name: 'v1alpha1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

describe('a session that may not run', () => {
  const refused = [
    ['TemplateNotFound', { template: 'gone' }, {}, 'kubectl get vdit'],
    [
      'ImageHasNoDesktop',
      {},
      { image: 'ghcr.io/selkies-project/selkies-gstreamer/gst-web:main' },
      'nvidia-egl-desktop',
    ],
    ['AccessDenied', {}, { access: { groups: ['others'] } }, 'spec.access'],
    [
      'ResourcesAboveMaximum',
      { resources: { memory: '8Gi' } },
      { resources: { maxMemory: '4Gi' } },
      'spec.resources.memory',
    ],
    ['PodOverlayDenied', {}, { podOverlay: { spec: { hostNetwork: true } } }, 'spec.hostNetwork'],
    ['TemplateInvalid', {}, { protocol: 'vnc' }, 'webrtc'],
    ['TemplateInvalid', {}, { policy: { recording: 'required' } }, 'spec.policy.recording'],
  ] as const;

  it.each(refused)('says %s, what is wrong and what to do', async (reason, session, template, hint) => {
    await using test = await TestOperator.start();
    await changeTemplate(test, template);
    await test.create(resources.sessions, aSession(session));
    await test.converge();
    expect(await test.condition('Accepted')).toMatchObject({
      reason,
      message: expect.stringContaining(hint) as string,
    });
    expect(await test.condition('Ready')).toMatchObject({ reason: 'NotAccepted' });
    expect(await test.objects()).toEqual(['vdisessions/desk']);
  });

  it('says UserDisabled and starts when the user is enabled again', async () => {
    await using test = await TestOperator.start();
    await test.create(resources.users, aUser({ disabled: true }));
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('Accepted')).toMatchObject({ reason: 'UserDisabled' });
    const name = { name: userKey('alice@example.com') };
    await test.kube.patch(resources.users, name, { type: 'merge', value: { spec: { disabled: false } } });
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('waits while the quota is used up, and starts when another session ends', async () => {
    await using test = await TestOperator.start();
    await test.create(resources.users, aUser({ quota: { cpu: 3 } }));
    await test.create(resources.sessions, aSession({ persistence: { enabled: false } }));
    await test.converge();
    await test.create(resources.sessions, aSession({ persistence: { enabled: false } }, { name: 'other' }));
    await test.converge();
    expect(await test.condition('Accepted', 'other')).toMatchObject({
      reason: 'QuotaExceeded',
      message: expect.stringContaining('4 of CPU cores, and the quota is 3') as string,
    });
    await test.delete('desk');
    await test.converge();
    expect((await test.session('other')).status?.phase).toBe('Running');
  });

  it('says what the API server has against its Pod, and offers it again', async () => {
    await using test = await TestOperator.start();
    await changeTemplate(test, { podOverlay: { spec: { priority: 'high' } } });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('Scheduled')).toMatchObject({
      reason: 'AdmissionRefused',
      message: expect.stringContaining('priority') as string,
    });
    await changeTemplate(test, { podOverlay: null });
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('starts as soon as its template exists', async () => {
    await using test = await started({ template: 'late' });
    expect((await test.session()).status?.phase).toBe('Pending');
    await test.create(resources.templates, aTemplate({}, 'late'));
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('keeps a desktop running whose template went away', async () => {
    await using test = await started();
    await test.kube.delete(resources.templates, { name: 'xfce' });
    await test.converge();
    expect(await test.condition('Accepted')).toMatchObject({ reason: 'TemplateNotFound' });
    expect(await test.condition('UpToDate')).toMatchObject({ reason: 'TemplateChanged' });
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('does not stop a desktop because its template changed, and says how to take the change over', async () => {
    await using test = await started();
    await changeTemplate(test, { image: 'registry.example/xfce:2' });
    await test.converge();
    expect(await test.condition('UpToDate')).toMatchObject({
      reason: 'TemplateChanged',
      message: expect.stringContaining('Suspend and resume') as string,
    });
    expect((await test.session()).status).toMatchObject({ phase: 'Running', podName: 'desk-1' });
  });
});

describe('the home of a session', () => {
  it('is used by one session at a time; the other says which one has it, and starts afterwards', async () => {
    await using test = await started();
    await test.create(resources.sessions, aSession({}, { name: 'second' }));
    await test.converge();
    expect(await test.condition('HomeReady', 'second')).toMatchObject({
      reason: 'HomeInUse',
      message: expect.stringContaining('Session "desk" has the home') as string,
    });
    await test.change('desk', { suspended: true });
    await test.converge();
    expect((await test.session('second')).status).toMatchObject({ phase: 'Running' });
    await test.change('desk', { suspended: false });
    await test.converge();
    expect(await test.condition('HomeReady')).toMatchObject({ reason: 'HomeInUse' });
  });

  it('is not needed by a session without persistence, which runs beside', async () => {
    await using test = await started();
    await test.create(resources.sessions, aSession({ persistence: { enabled: false } }, { name: 'second' }));
    await test.converge();
    expect((await test.session('second')).status?.phase).toBe('Running');
    expect(await test.condition('HomeReady', 'second')).toMatchObject({ reason: 'NoHomeWanted' });
    const { host } = (await test.session('second')).status ?? {};
    expect(host).toMatch(/^alice-[0-9a-f]{4}$/);
  });

  it('is never replaced by an empty one when its claim is gone', async () => {
    await using test = await started();
    await test.delete('desk');
    await test.converge();
    await test.kube.delete(resources.claims, { namespace: 'vdi-sessions', name: homeName });
    await test.create(resources.sessions, aSession({}, { name: 'again' }));
    await test.converge();
    expect(await test.condition('HomeReady', 'again')).toMatchObject({
      reason: 'HomeLost',
      message: expect.stringContaining('its files are still on volume') as string,
    });
    expect((await test.session('again')).status?.phase).toBe('Failed');
    expect(await test.objects()).toEqual(['vdisessions/again']);
  });

  it('of another is refused', async () => {
    await using test = await TestOperator.start();
    const metadata = {
      name: homeName,
      namespace: 'vdi-sessions',
      annotations: { 'vdi.kasm.io/user-name': 'bob@example.com' },
    };
    const spec = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };
    await test.create(resources.claims, { metadata, spec });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('HomeReady')).toMatchObject({ reason: 'HomeOwnerMismatch' });
    expect(await test.objects()).toEqual([home, 'vdisessions/desk']);
  });

  it('is switched to Retain where its class would delete it', async () => {
    await using test = await TestOperator.start();
    test.node.script.reclaimPolicy = 'Delete';
    await test.create(resources.sessions, aSession());
    await test.converge();
    const { items } = await test.kube.list(resources.volumes);
    expect(items.map(({ spec }) => spec.persistentVolumeReclaimPolicy)).toEqual(['Retain']);
    expect(await test.condition('HomeReady')).toMatchObject({ reason: 'HomeBound' });
  });

  it('is waited for where its class binds at once', async () => {
    await using test = await TestOperator.start();
    const immediate = { metadata: { name: 'fast' }, provisioner: 'test', volumeBindingMode: 'Immediate' };
    await test.create(resources.storageClasses, immediate);
    await changeTemplate(test, { persistence: { storageClassName: 'fast' } });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('HomeReady')).toMatchObject({ reason: 'HomePending' });
    expect(await test.objects()).not.toContain('pods/desk-1');
    const claim = await test.kube.get(resources.claims, { namespace: 'vdi-sessions', name: homeName });
    await bindClaim(test.kube, claim, 'Retain');
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('says which storage class is missing', async () => {
    await using test = await TestOperator.start();
    await changeTemplate(test, { persistence: { storageClassName: 'gold' } });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('HomeReady')).toMatchObject({
      reason: 'StorageClassNotFound',
      message: expect.stringContaining('"gold"') as string,
    });
  });

  it('waits for a shared volume and starts when its claim is made', async () => {
    await using test = await TestOperator.start();
    const sharedVolumes = [{ name: 'material', claimName: 'course', mountPath: '/srv/material' }];
    await changeTemplate(test, { persistence: { sharedVolumes } });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('HomeReady')).toMatchObject({ reason: 'SharedVolumeNotFound' });
    const spec = { accessModes: ['ReadOnlyMany'], resources: { requests: { storage: '1Gi' } } };
    await test.create(resources.claims, { metadata: { name: 'course', namespace: 'vdi-sessions' }, spec });
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });
});

describe('the deadlines of a session', () => {
  it('delete it when its timeout has passed, and keep the home', async () => {
    await using test = await started({ timeout: '1h' });
    const { startTime, expiresAt } = (await test.session()).status ?? {};
    expect(Date.parse(expiresAt ?? '') - Date.parse(startTime ?? '')).toBe(60 * minute);
    await pass(test, 59 * minute);
    expect(await test.objects()).toContain('vdisessions/desk');
    await pass(test, 2 * minute);
    expect(await test.objects()).toEqual([home]);
  });

  it('count on while it is suspended, and while the operator is away', async () => {
    await using test = await started({ timeout: '1h' });
    await test.change('desk', { suspended: true });
    await test.converge();
    await test.cluster.clock.advance(61 * minute);
    await test.startOperator();
    await test.converge();
    expect(await test.objects()).toEqual([home]);
  });

  it('suspend it when nobody used it, after a warning, and let it be resumed', async () => {
    await using test = await TestOperator.start();
    await changeTemplate(test, { lifecycle: { idleTimeout: '10m' } });
    const viewer = {
      viewer: 'v',
      user: 'alice@example.com',
      role: 'owner',
      connectedAt: '2026-01-02T10:00:00.000Z',
    } as const;
    test.agents.answer = anAgentStatus({ viewers: [viewer] });
    await test.create(resources.sessions, aSession());
    await test.converge();
    await pass(test, 9 * minute + 30_000);
    expect(test.agents.warnings).toMatchObject([{ reason: 'suspending' }]);
    await pass(test, 2 * minute);
    expect((await test.session()).spec.suspended).toBe(true);
    expect((await test.session()).status?.phase).toBe('Suspended');
    await test.change('desk', { suspended: false });
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('count idleness from the last input', async () => {
    await using test = await TestOperator.start();
    await changeTemplate(test, { lifecycle: { idleTimeout: '10m', idleAction: 'terminate' } });
    test.agents.answer = anAgentStatus();
    await test.create(resources.sessions, aSession());
    await test.converge();
    await pass(test, 8 * minute);
    test.agents.answer = anAgentStatus({ lastInputAt: test.cluster.clock.now().toISOString() });
    await pass(test, 4 * minute);
    expect((await test.session()).status?.phase).toBe('Running');
    await pass(test, 7 * minute);
    expect(await test.objects()).toEqual([home]);
  });

  it('fail a start that takes too long, take its Pod away, and try again after a change', async () => {
    await using test = await TestOperator.start();
    await changeTemplate(test, { lifecycle: { startDeadline: '5m' } });
    test.node.script.unschedulable = '0/1 nodes are available: 1 Insufficient memory.';
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('Scheduled')).toMatchObject({ reason: 'Unschedulable' });
    await pass(test, 6 * minute);
    expect(await test.condition('Ready')).toMatchObject({
      reason: 'StartDeadlineExceeded',
      message: expect.stringContaining('Insufficient memory') as string,
    });
    expect((await test.session()).status?.phase).toBe('Failed');
    expect(await test.objects()).not.toContain('pods/desk-1');
    await pass(test, 30 * minute);
    expect((await test.session()).status?.phase).toBe('Failed');
    test.node.script.unschedulable = undefined;
    await test.change('desk', { resources: { memory: '1Gi' } });
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });

  it('suspend it outside of its schedule and bring it back', async () => {
    await using test = await TestOperator.start();
    // The clock of a test begins on a Friday at 10:00 UTC.
    await changeTemplate(test, { lifecycle: { schedule: { active: ['Fri 09:00-11:00', 'Fri 13:00-14:00'] } } });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
    await pass(test, 60 * minute);
    expect(await test.condition('Ready')).toMatchObject({ reason: 'OutsideSchedule' });
    expect((await test.session()).status?.phase).toBe('Suspended');
    expect((await test.session()).spec.suspended).toBeUndefined();
    await pass(test, 121 * minute);
    expect((await test.session()).status?.phase).toBe('Running');
  });
});

describe('what the agent says', () => {
  it('is asked for with the bearer of the session, and told in the status', async () => {
    await using test = await TestOperator.start();
    test.node.script.becomesReady = false;
    test.agents.answer = anAgentStatus({
      display: { ready: true, readyAt: '2026-01-02T10:00:03.123Z' },
      desktop: { ready: false, windows: 0 },
    });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('DisplayReady')).toMatchObject({ reason: 'DisplayReady' });
    expect(await test.condition('DesktopReady')).toMatchObject({ reason: 'DesktopStarting' });
    expect((await test.session()).status?.phase).toBe('Creating');
    const secret = await test.kube.get(resources.secrets, { namespace: 'vdi-sessions', name: 'desk' });
    const token = Buffer.from(secret.data?.['agent-token'] ?? '', 'base64').toString();
    expect([...test.agents.tokens]).toEqual([token]);
    expect(token.length).toBeGreaterThanOrEqual(32);

    test.agents.answer = anAgentStatus({
      stream: { framesEncoded: 9, encoder: 'x264enc', firstFrameAt: '2026-01-02T10:00:04.500Z' },
    });
    await pass(test, 1_000);
    const { status } = await test.session();
    expect(status).toMatchObject({ phase: 'Running', encoder: 'x264enc', viewers: 0 });
    expect(status?.timeline?.map(({ stage }) => stage)).toEqual([
      'Accepted',
      'HomeReady',
      'Scheduled',
      'ImagePulled',
      'DisplayReady',
      'DesktopReady',
      'Ready',
      'FirstFrame',
    ]);
    expect(status?.timeline?.at(-1)?.at).toMatch(/\.\d{3}Z$/);
  });
});

describe('a VDIUser', () => {
  it('is told what the sessions hold and where the home is, for ever', async () => {
    await using test = await TestOperator.start();
    await test.create(resources.users, aUser());
    await test.create(resources.sessions, aSession());
    await test.converge();
    const name = { name: userKey('alice@example.com') };
    const homeClaims = [{ namespace: 'vdi-sessions', name: homeName }];
    const usage = { gpu: 0, cpu: '2', memory: '2Gi', storage: '10Gi' };
    expect((await test.kube.get(resources.users, name)).status).toEqual({ sessions: 1, usage, homeClaims });
    await test.delete('desk');
    await test.converge();
    expect((await test.kube.get(resources.users, name)).status).toMatchObject({ sessions: 0, homeClaims });
  });
});
