import type { Container, Pod } from '@vdi/kube';
import { isSidecar } from '../objects/pod.ts';
import type { ContainerView } from './container-view.ts';
import { restartAfter } from './restart-back-off.ts';

/** What is known of one container when a plan is made. */
export interface ContainerSituation {
  /** The latest attempt; undefined when there is none yet. */
  readonly latest: ContainerView | undefined;
  /** Running, its postStart hook returned, and its startup probe passed. */
  readonly isStarted: boolean;
}

export interface PodSituation {
  readonly now: Date;
  readonly of: (container: string) => ContainerSituation;
}

/** What to do next for a Pod whose network is up. */
export interface Plan {
  /** To be started now, all at once. */
  readonly start: readonly Container[];
  /** In back-off: look again then. */
  readonly again: Date | undefined;
  /** The Pod has ended: stop what is left, in reverse order. */
  readonly outcome: 'Succeeded' | 'Failed' | undefined;
  /** Every init container has ended well and every sidecar has started, once. */
  readonly isInitialized: boolean;
}

const nothing: Plan = { start: [], again: undefined, outcome: undefined, isInitialized: false };

/**
 * Decides what to start. Init containers come one after the other, each after the one before it has ended well or, for
 * sidecars (KEP-753), has started; then all others at once. A sidecar that ends later is restarted beside the others.
 */
export function planPod(pod: Pod, situation: PodSituation): Plan {
  const { initContainers = [], containers } = pod.spec;
  const hasBegun = containers.some(({ name }) => situation.of(name).latest?.startedAt !== undefined);
  if (!hasBegun) {
    const gate = firstGate(pod, initContainers, situation);
    if (gate !== undefined) return gate;
  }
  const decisions = containers.map((container) => decide(container, restartPolicyOf(pod), situation));
  if (decisions.every(({ kind }) => kind === 'done' || kind === 'failed')) {
    const outcome = decisions.some(({ kind }) => kind === 'failed') ? 'Failed' : 'Succeeded';
    return { ...nothing, outcome, isInitialized: true };
  }
  const sidecars = initContainers.filter(isSidecar).map((container) => decide(container, 'Always', situation));
  return { ...merged([...sidecars, ...decisions]), outcome: undefined, isInitialized: true };
}

/** Will a container that ended so be started again? */
export function willRestart(pod: Pod, container: Container, exitCode: number): boolean {
  if (isSidecar(container)) return true;
  const policy = restartPolicyOf(pod);
  if (policy === 'Never') return false;
  const isInit = pod.spec.initContainers?.includes(container) === true;
  return exitCode !== 0 || (policy === 'Always' && !isInit);
}

type Decision =
  | { readonly kind: 'start'; readonly container: Container }
  | { readonly kind: 'wait'; readonly until: Date }
  | { readonly kind: 'runs' | 'done' | 'failed' };

const restartPolicyOf = ({ spec }: Pod): 'Always' | 'OnFailure' | 'Never' => spec.restartPolicy ?? 'Always';

/** The first init container that others wait for, as a plan; undefined when none does. */
function firstGate(pod: Pod, initContainers: readonly Container[], situation: PodSituation): Plan | undefined {
  const earlier: Decision[] = [];
  for (const container of initContainers) {
    if (isSidecar(container)) {
      const decision = decide(container, 'Always', situation);
      earlier.push(decision);
      if (decision.kind !== 'runs' || !situation.of(container.name).isStarted)
        return { ...nothing, ...merged(earlier) };
      continue;
    }
    const policy = restartPolicyOf(pod) === 'Never' ? 'Never' : 'OnFailure';
    const decision = decide(container, policy, situation);
    if (decision.kind === 'failed') return { ...nothing, outcome: 'Failed' };
    if (decision.kind !== 'done') return { ...nothing, ...merged([...earlier, decision]) };
  }
  return undefined;
}

function decide(container: Container, policy: 'Always' | 'OnFailure' | 'Never', situation: PodSituation): Decision {
  const { latest } = situation.of(container.name);
  if (latest === undefined || latest.state === 'created') return { kind: 'start', container };
  if (latest.state === 'running') return { kind: 'runs' };
  const failed = latest.exitCode !== 0;
  if (policy === 'Never') return { kind: failed ? 'failed' : 'done' };
  if (policy === 'OnFailure' && !failed) return { kind: 'done' };
  const { at } = restartAfter(latest);
  return at <= situation.now ? { kind: 'start', container } : { kind: 'wait', until: at };
}

function merged(decisions: readonly Decision[]): Pick<Plan, 'start' | 'again'> {
  const waits = decisions.flatMap((decision) => (decision.kind === 'wait' ? [decision.until.getTime()] : []));
  return {
    start: decisions.flatMap((decision) => (decision.kind === 'start' ? [decision.container] : [])),
    again: waits.length === 0 ? undefined : new Date(Math.min(...waits)),
  };
}
