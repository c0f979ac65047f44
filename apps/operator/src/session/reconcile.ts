import { finalizers } from '@vdi/api';
import { type Outcome, type Reconcile, requeueAfter, settled } from '@vdi/controller';
import type { Pod } from '@vdi/kube';
import { findingsOf, standing } from './findings.ts';
import { gather } from './gather.ts';
import type { SessionInput } from './input.ts';
import { intentOf } from './intent.ts';
import { forgetSession, type PassContext, type PassResult, type SessionPorts } from './pass-context.ts';
import { runDesktop } from './run-desktop.ts';
import type { Pass } from './status.ts';
import { stopDesktop } from './stop-desktop.ts';
import { terminateSession } from './terminate-session.ts';
import { earliest, lookAgainAt } from './wake.ts';
import { warnings } from './warning-times.ts';
import { warnViewers } from './warn-viewers.ts';

/** Brings one session one step closer to what it asks for: gather, check, act, say so. See `docs/architecture.md`. */
export function sessionReconciler(ports: SessionPorts): Reconcile {
  return async (key, signal) => {
    const context = { key, ports, now: ports.clock.now(), signal };
    const input = gather(key, ports);
    if (input === undefined) {
      forgetSession(context);
      return settled;
    }
    if (input.session.metadata.deletionTimestamp !== undefined) return await terminateSession(input, context);
    if (input.session.metadata.finalizers?.includes(finalizers.session) !== true) {
      await ports.writes.addFinalizer(input.session, signal);
      // The event that this makes brings the next look.
      return settled;
    }
    return await advance(input, context);
  };
}

async function advance(input: SessionInput, context: PassContext): Promise<Outcome> {
  const { ports, now, signal, key } = context;
  const findings = findingsOf(input, now);
  const intent = intentOf(input, findings, now);
  ports.agents.follow(key, input.pods.filter(isAnswering));
  switch (intent.type) {
    case 'delete':
      await warnViewers(input, { reason: 'expiring', at: now }, ports.agents);
      await ports.publisher.publish(context, input, { ...standing(input, findings), notReady: intent.why });
      await ports.writes.deleteSession(input.session, signal);
      ports.log.info({ session: key, reason: intent.why.message }, 'Deleted a session');
      return settled;
    case 'suspend':
      await ports.writes.suspend(input.session, signal);
      ports.log.info({ session: key }, 'Suspended an idle session');
      return settled;
    case 'stop':
      return await conclude(input, context, await stopDesktop(input, findings, intent.why, context));
    case 'hold':
      return await conclude(input, context, { pass: standing(input, findings), lookAgain: undefined });
    case 'run':
      return await conclude(input, context, await runDesktop(input, findings, context));
    default:
      return intent satisfies never;
  }
}

async function conclude(input: SessionInput, context: PassContext, { pass, lookAgain }: PassResult): Promise<Outcome> {
  const { ports, now } = context;
  await warnBeforeTheEnd(input, pass, context);
  const writeAgain = await ports.publisher.publish(context, input, pass);
  const moments = [lookAgain, writeAgain, ...lookAgainAt(pass.deadlines)].filter((moment) => moment !== undefined);
  const next = earliest(moments, now);
  return next === undefined ? settled : requeueAfter(next.getTime() - now.getTime());
}

/** People get a moment to save. */
async function warnBeforeTheEnd(input: SessionInput, { deadlines }: Pass, { ports, now }: PassContext): Promise<void> {
  const { expiresAt, idleAt } = deadlines;
  const { agents, events } = ports;
  const isNear = (moment: Date | undefined, withinMs: number): moment is Date => {
    const leftMs = (moment?.getTime() ?? -Infinity) - now.getTime();
    return leftMs > 0 && leftMs <= withinMs;
  };
  if (isNear(expiresAt, warnings.expiryMs)) {
    events.endsSoon(input.session, 'ExpiresSoon', expiresAt);
    await warnViewers(input, { reason: 'expiring', at: expiresAt }, agents);
  } else if (isNear(idleAt, warnings.idleMs)) {
    events.endsSoon(input.session, 'SuspendsSoon', idleAt);
    await warnViewers(input, { reason: 'suspending', at: idleAt }, agents);
  }
}

/** The display runs: before, nobody answers; one that ends is left in peace. */
function isAnswering({ metadata, status }: Pod): boolean {
  if (metadata.deletionTimestamp !== undefined) return false;
  return status?.initContainerStatuses?.some(({ state }) => state?.running !== undefined) === true;
}
