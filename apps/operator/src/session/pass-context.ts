import type { VDISession } from '@vdi/api';
import type { Clock, ObjectKey } from '@vdi/controller';
import type { Logger } from '@vdi/telemetry';
import type { AgentWatch } from '../agent/agent-watch.ts';
import type { Sources } from './gather.ts';
import type { KeyedLock } from './keyed-lock.ts';
import { uidOf } from './input.ts';
import type { SessionEvents } from './session-events.ts';
import type { SessionWrites } from './session-writes.ts';
import type { Pass } from './status.ts';
import type { StatusPublisher } from './status-publisher.ts';

/** What the session controller sees and acts through. */
export interface SessionPorts extends Sources {
  readonly agents: Pick<AgentWatch, 'latest' | 'follow' | 'warn'>;
  readonly writes: SessionWrites;
  readonly publisher: StatusPublisher;
  readonly events: SessionEvents;
  /** One at a time decides who gets a home; by namespace and claim. */
  readonly homes: KeyedLock;
  /** How many Pods in a row were lost of a session that has none at the moment; by the session's UID. */
  readonly losses: Map<string, number>;
  /** Whether Traefik's routes are served here. */
  readonly hasRoutes: boolean;
  readonly clock: Clock;
  readonly log: Logger;
}

/** What every step of one pass works with. */
export interface PassContext {
  readonly key: ObjectKey;
  readonly ports: SessionPorts;
  readonly now: Date;
  readonly signal: AbortSignal;
}

/** What a pass concluded, and when to look again although nothing happens. */
export interface PassResult {
  readonly pass: Pass;
  readonly lookAgain: Date | undefined;
}

/** Nothing is kept in memory for a session that is gone, or is not there by that key. */
export function forgetSession({ key, ports }: PassContext, session?: VDISession): void {
  ports.agents.follow(key, []);
  ports.publisher.forget(key);
  if (session === undefined) return;
  ports.hosts.release(uidOf(session));
  ports.losses.delete(uidOf(session));
  ports.events.forget(uidOf(session));
}
