import {
  type Condition,
  type ConditionType,
  derivePhase,
  findCondition,
  isTrue,
  setCondition,
  type TimelineStage,
  type VDISessionStatus,
} from '@vdi/api';
import type { Pod } from '@vdi/kube';
import type { AgentStatus } from '@vdi/protocol';
import { type Conclusion, conditionOf, hasReason } from './conclusion.ts';
import type { Deadlines } from './deadlines.ts';
import { gpuSlicesOf } from './gpu-slices.ts';
import type { SessionInput } from './input.ts';
import { observePod, type Observed } from './observe.ts';
import { sessionUrl } from './session-host.ts';
import { steadyActivity } from './steady-activity.ts';
import { clamped, nextTimeline, type ReachedStages } from './timeline.ts';
import { upToDate } from './up-to-date.ts';
import type { WantedDesktop } from './wanted-desktop.ts';

/** What one pass concluded and did. */
export interface Pass {
  readonly accepted: Conclusion<'Accepted'>;
  /** Undefined where nothing could be decided about the home. */
  readonly home: Conclusion<'HomeReady'> | undefined;
  readonly wanted: WantedDesktop | undefined;
  readonly deadlines: Deadlines;
  readonly host: string | undefined;
  /** The Pod there is, or the one about to be made: its name is written before it exists. */
  readonly podName: string | undefined;
  readonly pod: Pod | undefined;
  /** Why there is no desktop although nothing else says so: suspended, restarting, failed, being deleted. */
  readonly notReady: Conclusion<'Ready'> | undefined;
  /** The API server did not take the Pod. */
  readonly refused: Conclusion<'Scheduled'> | undefined;
}

/** The whole status. Equal input gives an equal status, so that nothing is written when nothing is new. */
export function sessionStatus(input: SessionInput, pass: Pass, now: Date): VDISessionStatus {
  const { session, settings } = input;
  const stored = session.status;
  const observed = observedOf(input, pass);
  const conditions = conditionsOf(input, pass, observed, now);
  const isReady = isTrue(conditions, 'Ready');
  const { startTime, expiresAt } = pass.deadlines;
  const reached = reachedStages(input, { ...pass, observed, conditions }, now);
  return definedOnly({
    phase: derivePhase({ metadata: session.metadata, status: { conditions } }),
    podName: pass.podName,
    host: pass.host,
    url: pass.host === undefined ? undefined : sessionUrl(pass.host, settings.address),
    startTime: stored?.startTime ?? seconds(startTime),
    message: isReady ? undefined : messageOf(conditions),
    observedGeneration: session.metadata.generation,
    conditions,
    readyTime: stored?.readyTime ?? (isReady ? seconds(now) : undefined),
    expiresAt: seconds(expiresAt),
    ...steadyActivity(stored, pass.deadlines, pass.wanted?.idleTimeoutMs),
    homeClaim: stored?.homeClaim ?? (isAccepted(pass) ? pass.wanted?.home?.claimName : undefined),
    ...podFacts(input, pass),
    timeline: nextTimeline(stored?.timeline, reached, { isNewStart: startsAnew(stored, pass) }),
  });
}

const isAccepted = ({ accepted }: Pass): boolean => accepted.reason === 'Accepted';

/** What is only true of the present Pod. */
function podFacts(input: SessionInput, { pod }: Pass) {
  if (pod === undefined) return {};
  const agent = agentOf(input, pod);
  return {
    node: pod.spec.nodeName,
    gpu: gpuSlicesOf(pod, input.settings.gpu.resourceName),
    encoder: agent?.stream.encoder,
    viewers: agent?.viewers.length,
  };
}

/** The last answer of the agent in that very Pod. */
function agentOf({ agent }: SessionInput, pod: Pod | undefined): AgentStatus | undefined {
  return agent?.podUid === pod?.metadata.uid ? agent?.status : undefined;
}

/** Another start than the one that the timeline tells of: after a stop, or with another Pod. */
function startsAnew(stored: VDISessionStatus | undefined, { podName, notReady }: Pass): boolean {
  const wasStopped = hasReason(stored?.conditions, 'Ready', ...stops);
  if (wasStopped && !stops.some((reason) => reason === notReady?.reason)) return true;
  if (podName === undefined || stored?.podName === podName) return false;
  return stored?.podName !== undefined || stored?.timeline?.some(({ stage }) => stage === 'Scheduled') === true;
}

const stops = ['Suspending', 'Suspended', 'OutsideSchedule', 'StartDeadlineExceeded'] as const;

const noPod: Observed = {
  scheduled: { reason: 'PodNotCreated', message: 'There is no Pod yet.' },
  display: { reason: 'PodNotRunning', message: 'There is no Pod yet.' },
  desktop: { reason: 'PodNotRunning', message: 'There is no Pod yet.' },
  hasImages: false,
};

const stoppedMessage = 'The desktop is stopped.';
const stopped: Observed = {
  scheduled: { reason: 'Suspended', message: stoppedMessage },
  display: { reason: 'Suspended', message: stoppedMessage },
  desktop: { reason: 'Suspended', message: stoppedMessage },
  hasImages: false,
};

function observedOf({ agent, settings }: SessionInput, { pod, notReady, refused }: Pass): Observed {
  if (pod !== undefined) return observePod(pod, agent, settings.gpu.resourceName);
  if (notReady?.reason === 'Suspended' || notReady?.reason === 'OutsideSchedule') return stopped;
  return refused === undefined ? noPod : { ...noPod, scheduled: refused };
}

function conditionsOf(input: SessionInput, pass: Pass, observed: Observed, now: Date): readonly Condition[] {
  const { generation } = input.session.metadata;
  let conditions = (input.session.status?.conditions ?? []).filter(
    ({ type }) => pass.pod !== undefined || !onlyWithPod.has(type),
  );
  const conclude = <Type extends ConditionType>(type: Type, conclusion: Conclusion<Type> | undefined): void => {
    if (conclusion !== undefined)
      conditions = [...setCondition(conditions, conditionOf(type, conclusion, generation), now)];
  };
  conclude('Accepted', pass.accepted);
  conclude('HomeReady', pass.home);
  conclude('Scheduled', observed.scheduled);
  conclude('DisplayReady', observed.display);
  conclude('DesktopReady', observed.desktop);
  conclude('Ready', pass.notReady ?? readyConclusion(pass, observed, conditions));
  if (pass.pod !== undefined) {
    conclude('UpToDate', upToDate(pass.pod, pass.wanted));
    conclude('NetworkIsolated', isolation(input));
  }
  return conditions;
}

const onlyWithPod: ReadonlySet<string> = new Set<ConditionType>(['UpToDate', 'NetworkIsolated']);

/** A desktop that runs stays usable, whatever has come to stand against starting it again. */
function readyConclusion(
  pass: Pass,
  { scheduled, display, desktop }: Observed,
  conditions: readonly Condition[],
): Conclusion<'Ready'> {
  if (display.reason === 'DisplayReady' && desktop.reason === 'DesktopReady') {
    return { reason: 'Ready', message: 'The desktop can be used.' };
  }
  if (!isAccepted(pass)) return { reason: 'NotAccepted', message: pass.accepted.message };
  if (!isTrue(conditions, 'HomeReady')) {
    return { reason: 'HomeNotReady', message: pass.home?.message ?? 'The home is not ready.' };
  }
  if (scheduled.reason !== 'Scheduled') return { reason: 'NotScheduled', message: scheduled.message };
  return { reason: 'Starting', message: display.reason === 'DisplayReady' ? desktop.message : display.message };
}

function isolation({ settings }: SessionInput): Conclusion<'NetworkIsolated'> {
  return settings.network.isolation === 'own-network'
    ? { reason: 'OwnNetwork', message: 'The session has a network of its own.' }
    : { reason: 'NetworkPolicyApplied', message: 'A NetworkPolicy was in place before the Pod.' };
}

interface Concluded extends Pass {
  readonly observed: Observed;
  readonly conditions: readonly Condition[];
}

function reachedStages(input: SessionInput, { pod, observed, conditions }: Concluded, now: Date): ReachedStages {
  const status = agentOf(input, pod);
  const created = new Date(pod?.metadata.creationTimestamp ?? now);
  const display = clamped(status?.display.readyAt, created, now);
  const desktop = clamped(status?.desktop.readyAt, created, now);
  const stages: readonly (readonly [TimelineStage, boolean, Date])[] = [
    ['Accepted', isTrue(conditions, 'Accepted'), now],
    ['HomeReady', isTrue(conditions, 'HomeReady'), now],
    ['Scheduled', isTrue(conditions, 'Scheduled'), now],
    ['ImagePulled', observed.hasImages, now],
    ['DisplayReady', isTrue(conditions, 'DisplayReady'), display],
    ['DesktopReady', isTrue(conditions, 'DesktopReady'), desktop],
    ['Ready', isTrue(conditions, 'Ready'), now],
    ['FirstFrame', status?.stream.firstFrameAt !== undefined, clamped(status?.stream.firstFrameAt, created, now)],
  ];
  return new Map(stages.flatMap(([stage, holds, at]) => (holds ? [[stage, at] as const] : [])));
}

function messageOf(conditions: readonly Condition[]): string | undefined {
  return findCondition(conditions, 'Ready')?.message;
}

/** `metav1.Time` has whole seconds. */
function seconds(moment: Date | undefined): string | undefined {
  return moment?.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

/** Without the fields that have no value: server-side apply takes back what is left out. */
function definedOnly(status: {
  readonly [Field in keyof VDISessionStatus]: VDISessionStatus[Field] | undefined;
}): VDISessionStatus {
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
}

/**
 * Whether a new status must be written now. What only shows progress may wait a moment, so that a start of a second costs
 * one write and not ten.
 */
export function isUrgent(stored: VDISessionStatus | undefined, next: VDISessionStatus): boolean {
  return urgentPart(stored) !== urgentPart(next);
}

function urgentPart(status: VDISessionStatus | undefined): string {
  const decisive = (['Accepted', 'HomeReady', 'Ready'] as const).map((type) => {
    const condition = findCondition(status?.conditions, type);
    // Which of the steps of a start is under way is progress, not news.
    const reason =
      condition?.reason === 'NotScheduled' || condition?.reason === 'PodNotCreated' ? 'Starting' : condition?.reason;
    return [condition?.status, type === 'HomeReady' && condition?.status === 'True' ? '' : reason];
  });
  const { phase, podName, host, url, homeClaim, observedGeneration } = status ?? {};
  return JSON.stringify([phase, podName, host, url, homeClaim, observedGeneration, decisive]);
}
