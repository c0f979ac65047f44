import { isEnding } from '../objects/pod.ts';
import type { Conclusion } from './conclusion.ts';
import { type Findings, standing } from './findings.ts';
import type { SessionInput } from './input.ts';
import type { PassContext, PassResult } from './pass-context.ts';
import { warnViewers } from './warn-viewers.ts';

/** A session that is not to run: its Pod is stopped so that applications can save; home, host, Service and route stay. */
export async function stopDesktop(
  input: SessionInput,
  findings: Findings,
  why: Conclusion<'Ready'>,
  context: PassContext,
): Promise<PassResult> {
  const { ports, now, signal } = context;
  const base = standing(input, findings);
  // Suspended is what has no Pod any more.
  const isStopping = input.pods.length > 0 && why.reason !== 'StartDeadlineExceeded';
  const pass = { ...base, notReady: isStopping ? suspending : why };
  // Said before it is done, so that a failed start is known as failed even if its Pod is gone by the next look.
  await ports.publisher.publish(context, input, pass);
  for (const pod of input.pods) {
    if (isEnding(pod)) continue;
    await warnViewers(input, { reason: 'suspending', at: now }, ports.agents);
    await ports.writes.deletePod(pod, signal);
    ports.log.info({ session: context.key, pod: pod.metadata.name, reason: why.reason }, 'Stopped a desktop');
  }
  return { pass, lookAgain: undefined };
}

const suspending: Conclusion<'Ready'> = {
  reason: 'Suspending',
  message: 'The desktop is being stopped so that applications can save. The home stays.',
};
