import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { findCondition, homeClaimName, userKey, type VDISession } from '@vdi/api';
import type { PersistentVolumeClaim, Pod } from '@vdi/kube';
import { eventually } from '@vdi/testing/desktops';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { PodSpec } from '../chart/chart-object.ts';
import { restrictedViolations } from '../chart/pod-security.ts';
import { installChart } from './chart-release.ts';
import { callCluster } from './cluster-evidence.ts';
import { type ClusterSettings, planRun } from './cluster-settings.ts';
import { noBrowserBecause, signInAtDashboard } from './desktop-in-browser.ts';
import { imageLacks, imageReference } from './image-check.ts';
import { type Kubectl, kubectlFor } from './kubectl.ts';
import { findLacks } from './preconditions.ts';
import { refusedRequests } from './refused-requests.ts';
import { removerOfUser } from './remove-user.ts';
import { removeHomes, removeNamespace } from './remove-namespace.ts';
import { aSession, aTemplate, requiredSession, requiredTemplate } from './session-objects.ts';

const { version } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as {
  readonly version: string;
};
const plan = await planRun(process.env, version);

if (plan.kind === 'none') {
  it.skip(`a session lives on a real Kubernetes: left out, because ${plan.why} (tests/cluster/README.md)`);
} else {
  describe(`a session on the cluster of ${plan.settings.kubeconfig}`, () => lifeOfSession(plan.settings));
}

const proof = 'cluster-test.txt';

/** Each step begins where the one before it ended. */
function lifeOfSession(settings: ClusterSettings): void {
  const { runName, sessionNamespace: namespace, systemNamespace, user, isInstalled, isStandalone } = settings;
  const kubectl = kubectlFor(settings.kubeconfig);
  const owned = new AsyncDisposableStack();
  const name = runName;
  const template = runName;
  const secondUser = `${runName}-b@example.com`;
  const steps = sessionSteps(kubectl, namespace, name);

  beforeAll(async () => {
    const lacks = await findLacks(kubectl, settings);
    if (lacks.length > 0) throw new Error(`The cluster is not ready for this test:\n- ${lacks.join('\n- ')}`);
    owned.use(callCluster(kubectl, settings));
    const removeUser = await removerOfUser(kubectl, settings);
    if (!isInstalled) {
      await kubectl.run(['create', 'namespace', systemNamespace]);
      owned.defer(() => removeNamespace(kubectl, systemNamespace));
      const imageFaults = await imageLacks(kubectl, settings);
      if (imageFaults.length > 0) throw new Error(`The images are not ready:\n- ${imageFaults.join('\n- ')}`);
      owned.use(await installChart(kubectl, settings));
      owned.defer(removeUser);
    } else {
      owned.defer(removeUser);
      const people = [user, secondUser].map(userKey).join(',');
      owned.defer(() => removeHomes(kubectl, namespace, `vdi.kasm.io/user in (${people})`));
      owned.defer(() => removeNamedSessions(kubectl, namespace, runName));
    }
    owned.defer(() => removeTemplates(kubectl, [template, `${template}-required`]));
  });

  afterAll(async () => await owned.disposeAsync());

  const leftOutInStandalone = (context: TestContext, why: string): void => {
    if (isStandalone) context.skip(`Left out in standalone mode: ${why}`);
  };

  it('is served by an operator and a gateway that become available', async (context) => {
    leftOutInStandalone(context, 'operator and gateway are no Pods there');
    for (const deployment of ['vdi-operator', 'vdi-gateway']) {
      const args = ['rollout', 'status', `deployment/${deployment}`, '-n', systemNamespace, '--timeout=300s'];
      await kubectl.run(args, { withinMs: 310_000 });
    }
  });

  it('waits, with a word about what to do, for an image that is no desktop, in the YAML that was asked for', async () => {
    const asked = `${name}-required`;
    await kubectl.run(['apply', '-f', '-'], { input: requiredTemplate(`${template}-required`) });
    await kubectl.run(['apply', '-f', '-'], { input: requiredSession(asked, namespace, `${template}-required`) });
    const other = sessionSteps(kubectl, namespace, asked);
    const accepted = await other.untilCondition('Accepted', 'ImageHasNoDesktop');
    expect(accepted.message).toMatch(/gst-web.*\S+\/\S+:/s);
    await other.remove();
  });

  it('waits for a template that there is not, and says its name', async () => {
    const other = sessionSteps(kubectl, namespace, `${name}-unknown`);
    await kubectl.apply(aSession({ namespace, name: `${name}-unknown` }, { user, template: `${template}-unknown` }));
    const accepted = await other.untilCondition('Accepted', 'TemplateNotFound');
    expect(accepted).toMatchObject({ status: 'False', message: expect.stringContaining(`${template}-unknown`) });
    await other.remove();
  });

  it('runs', async () => {
    const image = isStandalone ? 'localhost/vdi/desktop:latest' : imageReference(settings, 'desktop');
    await kubectl.apply(aTemplate(template, image));
    await kubectl.apply(aSession({ namespace, name }, { user, template }));
    await steps.untilPhase('Running');
    const { status } = await steps.session();
    expect(status?.url).toMatch(/^https?:\/\/[a-z0-9-]+\./);
    const times = ['Accepted', 'Scheduled', 'DisplayReady', 'DesktopReady', 'Ready'].map((stage) => {
      const reached =
        status?.timeline?.find((entry) => entry.stage === stage)?.at ?? expect.unreachable(`${stage} is missing`);
      return Date.parse(reached);
    });
    expect(times).toEqual(times.toSorted((one, other) => one - other));
  });

  it('has a Pod that the profile "restricted" admits, with both containers ready', async () => {
    const pod = await steps.pod();
    expect(restrictedViolations(pod.spec as unknown as PodSpec)).toEqual([]);
    const containers = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
    expect(containers.map((container) => [container.name, container.ready])).toEqual([
      ['display', true],
      ['desktop', true],
    ]);
    // The API server judges the Pods that are there, and warns of each that breaks the profile.
    const label = ['label', 'namespace', namespace, '--overwrite', 'pod-security.kubernetes.io/enforce=restricted'];
    const { stderr } = await kubectl.try([...label, '--dry-run=server']);
    expect(stderr).not.toMatch(/violate/i);
  });

  it('has its home bound', async () => {
    const claim = await kubectl.get<PersistentVolumeClaim>(['pvc', homeClaimName(userKey(user)), '-n', namespace]);
    expect(claim.status?.phase).toBe('Bound');
    expect(claim.metadata.ownerReferences).toBeUndefined();
  });

  it('is told of by kubectl', async () => {
    const table = await kubectl.run(['get', 'vdisession', name, '-n', namespace, '--output=wide']);
    expect(table.split('\n')[0]?.trim().split(/\s+/)).toEqual([
      'NAME',
      'USER',
      'TEMPLATE',
      'PHASE',
      'URL',
      'AGE',
      'NODE',
      'ENCODER',
      'MESSAGE',
    ]);
    expect(table).toMatch(new RegExp(`${name}\\s+${user}\\s+${template}\\s+Running`));
    const described = await kubectl.run(['describe', 'vdisession', name, '-n', namespace]);
    expect(described).toMatch(/Type:\s+Ready/);
    expect(described).toMatch(/Events:\n[^]*PodCreated/);
  });

  it('has a home that can be written to', async () => {
    await steps.inDesktop(`echo ${runName} > "$HOME/${proof}" && sync`);
    expect(await steps.inDesktop(`cat "$HOME/${proof}"`)).toBe(`${runName}\n`);
  });

  it('opens in a browser behind the door, and shows its desktop', async (context) => {
    const why = noBrowserBecause(settings);
    if (why !== undefined) context.skip(`Left out: ${why}`);
    await using person = await signInAtDashboard(kubectl, settings);
    const { picture, isSignalled, readiness } = await person.openSession(name);
    expect([isSignalled, readiness]).toEqual([true, 200]);
    if (picture !== undefined) return;
    const pod = await steps.pod();
    const said = `No picture came within a minute. Media goes by UDP to ${pod.status?.podIP ?? 'the Pod'}:50000, which this machine may not reach; sign-in, door and signalling work`;
    if (isStandalone || process.env['VDI_CLUSTER_MEDIA'] === 'required') expect.unreachable(said);
    await context.annotate(said, 'warning');
  });

  it('keeps its Pod when the template changes, and says so', async () => {
    const { metadata } = await steps.pod();
    const change = JSON.stringify({ spec: { env: [{ name: 'CHANGED', value: '1' }] } });
    await kubectl.run(['patch', 'vditemplate', template, '--type=merge', '-p', change]);
    await steps.untilCondition('UpToDate', 'TemplateChanged');
    expect((await steps.pod()).metadata.uid).toBe(metadata.uid);
  });

  it('gets another Pod with the same home when its Pod is killed', async () => {
    const lost = await steps.pod();
    await kubectl.run(['delete', 'pod', lost.metadata.name ?? '', '-n', namespace, '--wait=false']);
    await steps.untilAnotherPod(lost.metadata.uid);
    await steps.untilPhase('Running');
    expect(await steps.inDesktop(`cat "$HOME/${proof}"`)).toBe(`${runName}\n`);
  });

  it('has no Pod while it is suspended, and its home when it is back', async () => {
    await steps.suspend(true);
    await steps.untilPhase('Suspended');
    await eventually(
      () => steps.pods(),
      ({ length }) => length === 0,
      { withinMs: 120_000, what: 'The end of the Pod' },
    );
    const claim = await kubectl.get<PersistentVolumeClaim>(['pvc', homeClaimName(userKey(user)), '-n', namespace]);
    expect(claim.status?.phase).toBe('Bound');
    await steps.suspend(false);
    await steps.untilPhase('Running');
    expect(await steps.inDesktop(`cat "$HOME/${proof}"`)).toBe(`${runName}\n`);
  });

  it('starts although the operator dies in the middle of it', async (context) => {
    leftOutInStandalone(context, 'the operator is in the process of the API');
    const other = sessionSteps(kubectl, namespace, `${name}-second`);
    await kubectl.apply(aSession({ namespace, name: `${name}-second` }, { user: secondUser, template }));
    await eventually(
      () => other.session(),
      ({ status }) => status?.phase !== undefined,
      { what: 'A look of the operator' },
    );
    const selector = 'app.kubernetes.io/part-of=vdi-operator,app.kubernetes.io/component=operator';
    const force = ['--grace-period=0', '--force', '--wait=false'];
    await kubectl.run(['delete', 'pods', '-n', systemNamespace, '--selector', selector, ...force]);
    await other.untilPhase('Running');
    expect(await other.pods()).toHaveLength(1);
    await other.remove();
  });

  it('leaves nothing but its home when it is deleted', async () => {
    await steps.remove();
    const kinds = 'pods,services,secrets,configmaps,networkpolicies';
    const left = async () => await kubectl.list([kinds, '-n', namespace, '--selector', `vdi.kasm.io/session=${name}`]);
    await eventually(left, ({ length }) => length === 0, { withinMs: 120_000, what: 'The end of all that was made' });
    const claim = await kubectl.get<PersistentVolumeClaim>(['pvc', homeClaimName(userKey(user)), '-n', namespace]);
    expect(claim.status?.phase).toBe('Bound');
    expect(claim.metadata.deletionTimestamp).toBeUndefined();
  });

  it('needed no right that operator and gateway do not have', async (context) => {
    leftOutInStandalone(context, 'whoever may use its API may do everything');
    expect(await refusedRequests(kubectl, settings)).toEqual([]);
  });
}

/** What a person does with one session, and sees of it. */
function sessionSteps(kubectl: Kubectl, namespace: string, name: string) {
  const session = async () => await kubectl.get<VDISession>(['vdisession', name, '-n', namespace]);
  const pods = async () =>
    await kubectl.list<Pod>(['pods', '-n', namespace, '--selector', `vdi.kasm.io/session=${name}`]);
  const pod = async (): Promise<Pod> => {
    const { status } = await session();
    return await kubectl.get<Pod>(['pod', status?.podName ?? '', '-n', namespace]);
  };
  return {
    session,
    pods,
    pod,
    /** Fails at once when the session has failed: nothing happens then until somebody changes something. */
    async untilPhase(phase: string) {
      const isDecided = ({ status }: VDISession): boolean => status?.phase === phase || status?.phase === 'Failed';
      const { status } = await eventually(session, isDecided, { withinMs: 600_000, what: `The phase ${phase}` });
      expect(status, `The session is ${status?.phase}: ${status?.message}`).toMatchObject({ phase });
      // As people and scripts wait for it.
      await kubectl.run(['wait', `vdisession/${name}`, '-n', namespace, `--for=jsonpath={.status.phase}=${phase}`]);
    },
    async untilCondition(type: Parameters<typeof findCondition>[1], reason: string) {
      const conditionOf = async () => findCondition((await session()).status?.conditions ?? [], type);
      const found = await eventually(conditionOf, (condition) => condition?.reason === reason, {
        withinMs: 120_000,
        what: `The condition ${type}=${reason}`,
      });
      return found ?? expect.unreachable();
    },
    /** Its name may be the same: what counts is the UID. */
    async untilAnotherPod(lostUid: string | undefined) {
      const isAnother = ({ metadata, status }: Pod): boolean =>
        metadata.uid !== lostUid &&
        status?.conditions?.some((one) => one.type === 'Ready' && one.status === 'True') === true;
      await eventually(pods, (found) => found.some(isAnother), {
        withinMs: 300_000,
        what: 'Another Pod that is ready',
      });
    },
    async suspend(suspended: boolean) {
      await kubectl.run([
        'patch',
        'vdisession',
        name,
        '-n',
        namespace,
        '--type=merge',
        '-p',
        JSON.stringify({ spec: { suspended } }),
      ]);
    },
    async inDesktop(command: string) {
      const { status } = await session();
      return await kubectl.run([
        'exec',
        status?.podName ?? '',
        '-n',
        namespace,
        '-c',
        'desktop',
        '--',
        'sh',
        '-c',
        command,
      ]);
    },
    async remove() {
      await kubectl.run(['delete', 'vdisession', name, '-n', namespace, '--timeout=180s'], { withinMs: 190_000 });
    },
  };
}

/** Without a definition, because the installation failed, there are none. */
async function removeTemplates(kubectl: Kubectl, names: readonly string[]): Promise<void> {
  if ((await kubectl.try(['get', 'crd', 'vditemplates.vdi.kasm.io'])).status !== 0) return;
  await kubectl.run(['delete', 'vditemplates', ...names, '--ignore-not-found']);
}

/** Those of this run; an installation has others. */
async function removeNamedSessions(kubectl: Kubectl, namespace: string, runName: string): Promise<void> {
  const names = ['', '-required', '-unknown', '-second'].map((ending) => `${runName}${ending}`);
  await kubectl.run(['delete', 'vdisessions', ...names, '-n', namespace, '--ignore-not-found', '--timeout=180s'], {
    withinMs: 190_000,
  });
}
