import type { AgentStatus, WarnRequest } from '@vdi/protocol';
import type { Clock, ObjectKey } from '@vdi/controller';
import type { Pod } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { AgentSettings } from '../settings.ts';
import { type AgentClient, agentOrigin } from './agent-client.ts';
import type { AgentObservation } from './agent-observation.ts';

export interface AgentWatchOptions {
  readonly client: AgentClient;
  /** The bearer of the session with this key, from its Secret. */
  readonly tokenOf: (key: ObjectKey) => Promise<string>;
  readonly clock: Pick<Clock, 'after'>;
  readonly settings: AgentSettings;
  readonly log: Logger;
}

interface Followed {
  readonly key: ObjectKey;
  pod: Pod;
  token: string | undefined;
  status: AgentStatus | undefined;
  failures: number;
  lastError: string | undefined;
  isAsking: boolean;
  mustAskAgain: boolean;
  /** How often it was asked since it was ready, as long as nobody has come. */
  looksForFirstFrame: number;
  cancelTimer: () => void;
  readonly warned: Set<string>;
}

const failuresBeforeTrouble = 3;
const longestRetryMs = 5_000;
/** Whoever started a desktop comes soon, or not soon. */
const looksForFirstFrameAtMost = 15;

/**
 * Asks the agents of running Pods how they are: often while they start, seldom when nobody looks, and at once when a Pod
 * changes. Pods never call the control plane. Wakes the session when an answer says something new.
 */
export class AgentWatch implements Disposable {
  readonly #options: AgentWatchOptions;
  readonly #followed = new Map<string, Followed>();
  #wake: (key: ObjectKey) => void = () => undefined;

  constructor(options: AgentWatchOptions) {
    this.#options = options;
  }

  /** Who is told of news. */
  onNews(wake: (key: ObjectKey) => void): () => void {
    this.#wake = wake;
    return () => (this.#wake = () => undefined);
  }

  /** What is known of the agent in that Pod. */
  latest(podUid: string): AgentObservation | undefined {
    const followed = this.#followed.get(podUid);
    if (followed === undefined) return undefined;
    const { status, failures, lastError } = followed;
    return { podUid, status, trouble: failures >= failuresBeforeTrouble ? lastError : undefined };
  }

  /** Follows the agents of these Pods of a session and of no others; one whose Pod changed since is asked at once. */
  follow(key: ObjectKey, pods: readonly Pod[]): void {
    const uids = new Set(pods.map(({ metadata }) => metadata.uid));
    for (const [uid, followed] of this.#followed) if (followed.key === key && !uids.has(uid)) this.#forget(uid);
    for (const pod of pods) this.#followOne(key, pod);
  }

  #followOne(key: ObjectKey, pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    if (agentOrigin(pod, this.#options.settings.reachedBy) === undefined) return;
    const known = this.#followed.get(uid);
    if (known !== undefined) {
      if (known.pod.metadata.resourceVersion === pod.metadata.resourceVersion) return;
      known.pod = pod;
      this.#ask(known);
      return;
    }
    const followed: Followed = {
      key,
      pod,
      token: undefined,
      status: undefined,
      failures: 0,
      lastError: undefined,
      isAsking: false,
      mustAskAgain: false,
      looksForFirstFrame: 0,
      cancelTimer: () => undefined,
      warned: new Set(),
    };
    this.#followed.set(uid, followed);
    this.#ask(followed);
  }

  /** Tells viewers once of each thing that is going to happen; that nobody could be told keeps nothing from happening. */
  async warn(podUid: string, warning: WarnRequest): Promise<void> {
    const followed = this.#followed.get(podUid);
    const id = `${warning.reason} ${warning.at}`;
    if (followed === undefined || followed.warned.has(id) || (followed.status?.viewers.length ?? 0) === 0) return;
    followed.warned.add(id);
    try {
      await this.#options.client.warn(followed.pod, await this.#token(followed), warning);
    } catch (error) {
      this.#options.log.warn({ session: followed.key, err: error }, 'Could not warn the viewers of a desktop');
    }
  }

  [Symbol.dispose](): void {
    for (const uid of this.#followed.keys()) this.#forget(uid);
  }

  #forget(podUid: string): void {
    this.#followed.get(podUid)?.cancelTimer();
    this.#followed.delete(podUid);
  }

  #ask(followed: Followed): void {
    followed.cancelTimer();
    if (followed.isAsking) {
      followed.mustAskAgain = true;
      return;
    }
    followed.isAsking = true;
    void this.#askOnce(followed).finally(() => {
      followed.isAsking = false;
      if (!this.#isFollowed(followed)) return;
      const isNews = followed.mustAskAgain;
      followed.mustAskAgain = false;
      if (isNews) this.#ask(followed);
      else followed.cancelTimer = this.#options.clock.after(this.#pauseMs(followed), () => this.#ask(followed));
    });
  }

  async #askOnce(followed: Followed): Promise<void> {
    const before = tellingPart(followed.status);
    const hadTrouble = followed.failures >= failuresBeforeTrouble;
    try {
      followed.status = await this.#options.client.status(followed.pod, await this.#token(followed));
      followed.failures = 0;
    } catch (error) {
      followed.failures += 1;
      followed.lastError = reasonOf(error);
      this.#options.log.debug({ session: followed.key, err: error }, 'Could not ask an agent');
    }
    const hasTrouble = followed.failures >= failuresBeforeTrouble;
    const isNews = hasTrouble !== hadTrouble || tellingPart(followed.status) !== before;
    if (isNews && this.#isFollowed(followed)) this.#wake(followed.key);
  }

  async #token(followed: Followed): Promise<string> {
    followed.token ??= await this.#options.tokenOf(followed.key);
    return followed.token;
  }

  #isFollowed(followed: Followed): boolean {
    return this.#followed.get(followed.pod.metadata.uid ?? '') === followed;
  }

  #pauseMs(followed: Followed): number {
    const { status, failures } = followed;
    const { starting, expected, watched, unwatched } = this.#options.settings.pollMs;
    if (failures > 0) return Math.min(starting * 2 ** (failures - 1), longestRetryMs);
    if (status === undefined || !status.desktop.ready || status.stream.encoder === undefined) return starting;
    if (status.viewers.length > 0) return watched;
    // The first frame is a stage of the start, and is to be told while somebody waits for it.
    const isExpected =
      status.stream.firstFrameAt === undefined && followed.looksForFirstFrame < looksForFirstFrameAtMost;
    if (isExpected) followed.looksForFirstFrame += 1;
    return isExpected ? expected : unwatched;
  }
}

/** Without what changes all the time and changes nothing. */
function tellingPart(status: AgentStatus | undefined): string {
  if (status === undefined) return '';
  return JSON.stringify({ ...status, stream: { ...status.stream, framesEncoded: 0 } });
}

/** Node's fetch only says that it failed; why, its cause says. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error && error.cause.message !== '' ? error.cause.message : error.message;
}
