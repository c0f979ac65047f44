import type { DoorOutcome } from './gateway-metrics.ts';

/** What an answer of the door itself counts as. */
export function outcomeOfStatus(status: number): DoorOutcome {
  if (status < 300) return 'answered';
  if (status < 400) return 'redirected';
  if (status === 401) return 'signed_out';
  if (status === 403) return 'forbidden';
  if (status === 404 || status === 410) return 'gone';
  return status < 500 ? 'bad_request' : 'unavailable';
}
