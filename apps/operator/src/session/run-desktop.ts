import { podName } from '@vdi/api';
import { KubeError, type Pod } from '@vdi/kube';
import { mounts } from '../objects/pod.ts';
import type { Conclusion } from './conclusion.ts';
import { desiredHomeClaim } from './desired/home-claim.ts';
import { desiredAccess, desiredGround } from './desired/index.ts';
import { desiredPod, type Incarnation } from './desired/pod.ts';
import { type Findings, standing } from './findings.ts';
import { lossConclusion, type PodStep, podStep } from './incarnation.ts';
import { namespaceOf, type SessionInput, uidOf } from './input.ts';
import type { PassContext, PassResult } from './pass-context.ts';
import { chooseHost, hostName } from './session-host.ts';
import { isControlledBy } from './session-writes.ts';
import { isTrueReason } from './conclusion.ts';
import type { Pass } from './status.ts';
import { noGpu, totalSlices, type WantedDesktop } from './wanted-desktop.ts';

/** A refused Pod is offered again after this long, or when something changes. */
const offerAgainMs = 30_000;

/** A session that is to run: host, home, what the Pod stands on, and the Pod, in this order. */
export async function runDesktop(input: SessionInput, findings: Findings, context: PassContext): Promise<PassResult> {
  const { ports, now, signal } = context;
  const { session, settings } = input;
  const { wanted } = findings;
  const base = standing(input, findings);
  const host = chooseHost(session, input.takenHosts);
  if (host === undefined || wanted === undefined)
    return { pass: { ...base, accepted: hostTaken }, lookAgain: undefined };
  ports.hosts.reserve(host, uidOf(session));

  const step = podStep(historyOf(input, context), settings.retry, now);
  const pass = { ...base, host, ...announcedPod(input, step, base) };
  // What is decided is written before it is done: host, claim and Pod are found again by whoever comes after us.
  await ports.publisher.publish(context, input, pass);

  await ensureHome(input, wanted, context);
  const routedHost = ports.hasRoutes ? hostName(host, settings.address) : undefined;
  const plan = { session, wanted, routedHost, settings };
  await ports.writes.children([...desiredGround(plan), ...desiredAccess(plan)], signal);
  return await takeStep(input, step, pass, context);
}

const hostTaken: Conclusion<'Accepted'> = {
  reason: 'HostTaken',
  message: 'Both host names that the session could get are taken. It starts when one of those sessions is deleted.',
};

function historyOf({ pods, session }: SessionInput, { ports }: PassContext) {
  const lostBefore = ports.losses.get(uidOf(session)) ?? 0;
  return { pods, podName: session.status?.podName, lostBefore };
}

/** The Pod that the status names from now on, and what it says about the one that was lost. */
function announcedPod({ session }: SessionInput, step: PodStep, { home }: Pass): Partial<Pass> {
  const nameOf = ({ number }: Incarnation): string => podName(session.metadata.name, number);
  switch (step.type) {
    case 'keep':
      return {};
    case 'create':
      return home !== undefined && isTrueReason('HomeReady', home.reason) ? { podName: nameOf(step.incarnation) } : {};
    case 'replace':
      return { podName: nameOf(step.next), notReady: lossConclusion(step.lost, step.next.lostBefore) };
    case 'wait':
      return { notReady: step.why };
    default:
      return step satisfies never;
  }
}

async function ensureHome(input: SessionInput, wanted: WantedDesktop, { ports, signal }: PassContext): Promise<void> {
  if (wanted.home === undefined) return;
  await ports.writes.home(desiredHomeClaim(input.session, wanted.home, input.home, input.settings.home), signal);
  const { volume } = input.home;
  if (volume === undefined || volume.spec.persistentVolumeReclaimPolicy === 'Retain') return;
  // Read back through the cache: HomeReady stays false until the server shows it.
  await ports.writes.retain(volume, signal);
}

async function takeStep(input: SessionInput, step: PodStep, pass: Pass, context: PassContext): Promise<PassResult> {
  const { ports, signal } = context;
  switch (step.type) {
    case 'keep':
      return { pass, lookAgain: undefined };
    case 'wait':
      return { pass, lookAgain: step.until };
    case 'replace':
      ports.losses.set(uidOf(input.session), step.next.lostBefore);
      ports.log.warn(
        { session: context.key, pod: step.lost.metadata.name, reason: step.lost.status?.reason },
        'Lost a Pod',
      );
      await ports.writes.deletePod(step.lost, signal);
      return { pass, lookAgain: undefined };
    case 'create':
      return pass.podName === undefined
        ? { pass, lookAgain: undefined }
        : await createPod(input, step.incarnation, pass, context);
    default:
      return step satisfies never;
  }
}

async function createPod(
  input: SessionInput,
  incarnation: Incarnation,
  pass: Pass,
  context: PassContext,
): Promise<PassResult> {
  const { ports, signal, key, now } = context;
  const { session, user, settings } = input;
  const { wanted } = pass;
  if (wanted === undefined) return { pass, lookAgain: undefined };
  const gpu = mayDoWithout(wanted) && totalSlices(wanted.gpu) > input.freeGpuSlices ? noGpu : wanted.gpu;
  await ports.writes.secret(session, signal);
  const lock = `${namespaceOf(session)}/${wanted.home?.claimName ?? uidOf(session)}`;
  return await ports.homes.run(lock, async () => {
    const inTheWay = await podInTheWay(session, wanted, context);
    // Its end wakes this session.
    if (inTheWay !== undefined) return { pass, lookAgain: undefined };
    try {
      const pod = await ports.writes.createPod(
        desiredPod({ session, wanted, user, gpu, incarnation, settings }),
        signal,
      );
      ports.log.info({ session: key, pod: pod.metadata.name }, 'Created Pod');
      ports.events.createdPod(session, pod);
      return { pass: { ...pass, pod }, lookAgain: undefined };
    } catch (error) {
      const refused = refusal(error);
      if (refused === undefined) throw error;
      return { pass: { ...pass, refused }, lookAgain: new Date(now.getTime() + offerAgainMs) };
    }
  });
}

const mayDoWithout = ({ template }: WantedDesktop): boolean => template.gpu.whenUnavailable === 'software';

/** A home never has two writers, and a session never two Pods: asked of the server, because a cache may lag. */
async function podInTheWay(
  session: SessionInput['session'],
  { home }: WantedDesktop,
  { ports, signal }: PassContext,
): Promise<Pod | undefined> {
  const live = await ports.writes.livePods(session, signal);
  return live.find((pod) => isControlledBy(pod, session) || (home !== undefined && mounts(pod, home.claimName)));
}

/** The server understood the Pod and does not want it: Pod Security, a quota, a webhook, a field it does not know. */
function refusal(error: unknown): Conclusion<'Scheduled'> | undefined {
  if (!(error instanceof KubeError) || ![400, 403, 422].includes(error.status)) return undefined;
  return { reason: 'AdmissionRefused', message: `The API server refused the Pod: ${error.message}` };
}
