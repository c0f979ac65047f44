import type { VDISession } from '@vdi/api';
import type { Principal } from '../auth/principal.ts';
import type { Authorizer, Via } from '../authorize/authorize.ts';
import type { GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** Somebody's request or connection into a session while it lasts. */
interface LiveAccess extends Disposable {
  /** Aborted when the person signs out or expires, when the session ends, and when it is not theirs any more. */
  readonly signal: AbortSignal;
}

export interface LiveAccesses extends Disposable {
  /** `undefined` when the person has as many as one may have to one session. */
  enter(who: Principal, session: VDISession, via: Via): LiveAccess | undefined;
}

/** Connections and requests of one person to one session at a time; a browser opens six or so besides WebSockets. */
const limitPerPerson = 128;
const recheckMs = 5_000;

interface Entry {
  readonly who: Principal;
  readonly session: VDISession;
  readonly via: Via;
  readonly controller: AbortController;
  /** What the decision rested on: as long as it is the same, so is the decision, and the audit is not told again. */
  basis: string;
}

/** Rights that are taken away reach what is open already: at once with the session, within five seconds with the rest. */
export function createLiveAccesses(deps: {
  readonly catalog: Catalog;
  readonly authorizer: Authorizer;
  readonly metrics: GatewayMetrics;
  readonly now: () => Date;
}): LiveAccesses {
  const { catalog, authorizer, metrics, now } = deps;
  const entries = new Set<Entry>();
  const open = new Map<Via['surface'], number>();
  const count = (surface: Via['surface'], by: 1 | -1): void => {
    open.set(surface, (open.get(surface) ?? 0) + by);
    metrics.connections(surface, open.get(surface) ?? 0);
  };

  function basisOf({ who, session }: Pick<Entry, 'who' | 'session'>): string {
    const { namespace = '', name } = session.metadata;
    const current = catalog.session(namespace, name);
    const template = catalog.template(session.spec.template);
    const parts = [current, template, catalog.user(who.user)].map(
      (object) => `${object?.metadata.uid ?? ''}/${object?.metadata.generation ?? ''}`,
    );
    return [...parts, current?.metadata.deletionTimestamp ?? ''].join(' ');
  }

  function isStillAllowed({ who, session, via }: Entry): boolean {
    const { namespace = '', name, uid } = session.metadata;
    const current = catalog.session(namespace, name);
    if (current === undefined || current.metadata.uid !== uid) return false;
    return authorizer.decide(who, 'session.connect', { kind: 'session', session: current }, via).allowed;
  }

  function recheck(entry: Entry): void {
    if (entry.who.expiresAt <= now()) return entry.controller.abort();
    const basis = basisOf(entry);
    if (basis === entry.basis) return;
    entry.basis = basis;
    if (!isStillAllowed(entry)) entry.controller.abort();
  }

  const unsubscribe = catalog.subscribe(({ session }) => {
    for (const entry of entries) if (entry.session.metadata.uid === session.metadata.uid) recheck(entry);
  });
  const timer = setInterval(() => entries.forEach(recheck), recheckMs);
  timer.unref();
  return {
    enter(who, session, via) {
      const uid = session.metadata.uid;
      const same = [...entries].filter((entry) => entry.who.user === who.user && entry.session.metadata.uid === uid);
      if (same.length >= limitPerPerson) return undefined;
      const controller = new AbortController();
      const entry: Entry = { who, session, via, controller, basis: basisOf({ who, session }) };
      entries.add(entry);
      count(via.surface, 1);
      const end = (): void => controller.abort();
      if (who.signal.aborted) end();
      who.signal.addEventListener('abort', end, { once: true });
      return {
        signal: controller.signal,
        [Symbol.dispose]() {
          who.signal.removeEventListener('abort', end);
          if (entries.delete(entry)) count(via.surface, -1);
        },
      };
    },
    [Symbol.dispose]() {
      clearInterval(timer);
      unsubscribe();
      for (const { controller } of entries) controller.abort();
    },
  };
}
