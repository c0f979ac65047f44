import type { EndReason } from './end-reason.ts';

const answerWithinMs = 5_000;

/**
 * A refused WebSocket does not say why. The same address asked over HTTP passes the same door, whose status does.
 * @returns the reason, or `network` where the door did not object or cannot be reached
 */
export async function probeAccess(signalUrl: URL, signal: AbortSignal): Promise<EndReason> {
  const address = new URL(signalUrl);
  address.protocol = address.protocol === 'wss:' ? 'https:' : 'http:';
  try {
    const answer = await fetch(address, {
      credentials: 'same-origin',
      redirect: 'manual',
      cache: 'no-store',
      signal: AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]),
    });
    return reasonOfStatus(answer.status, answer.type);
  } catch {
    // No answer at all: whatever it was, the network is the part that did not work.
    return 'network';
  }
}

/** What the door's status means for the viewer; a redirect leads to the login page. */
export function reasonOfStatus(status: number, type: ResponseType): EndReason {
  if (type === 'opaqueredirect' || status === 401) return 'signed-out';
  if (status === 403) return 'access-denied';
  if (status === 410) return 'session-gone';
  if (status >= 502 && status <= 504) return 'not-running';
  return 'network';
}
