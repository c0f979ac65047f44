import { finalizers } from '@vdi/api';
import { type Outcome, settled } from '@vdi/controller';
import { isEnding } from '../objects/pod.ts';
import type { Conclusion } from './conclusion.ts';
import { findingsOf, standing } from './findings.ts';
import type { SessionInput } from './input.ts';
import { forgetSession, type PassContext } from './pass-context.ts';
import { isControlledBy } from './session-writes.ts';
import { warnViewers } from './warn-viewers.ts';

/**
 * Takes away what was made for a session: first the Pod, gracefully, then the rest, then the finalizer. A step that throws
 * leaves the finalizer, and the next pass begins again. The home stays.
 */
export async function terminateSession(input: SessionInput, context: PassContext): Promise<Outcome> {
  const { ports, now, signal, key } = context;
  const { session } = input;
  if (session.metadata.finalizers?.includes(finalizers.session) !== true) {
    forgetSession(context, session);
    return settled;
  }
  await ports.publisher.publish(context, input, { ...standing(input, findingsOf(input, now)), notReady: terminating });
  for (const pod of input.pods) {
    if (isEnding(pod)) continue;
    await warnViewers(input, { reason: 'expiring', at: now }, ports.agents);
    await ports.writes.deletePod(pod, signal);
  }
  // Asked of the server: a Pod that no cache shows yet must not be left behind.
  const live = await ports.writes.livePods(session, signal);
  const own = live.filter((pod) => isControlledBy(pod, session));
  for (const pod of own) if (!isEnding(pod)) await ports.writes.deletePod(pod, signal);
  if (own.length > 0) return settled;
  if (!(await ports.writes.deleteChildren(session, signal))) return settled;
  await ports.writes.removeFinalizer(session, signal);
  forgetSession(context, session);
  ports.log.info({ session: key }, 'Removed everything of a session but its home');
  return settled;
}

const terminating: Conclusion<'Ready'> = {
  reason: 'Terminating',
  message: 'The session is being deleted: first the desktop, so that applications can save. The home stays.',
};
