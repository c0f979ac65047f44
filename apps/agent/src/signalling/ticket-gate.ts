import { type Ticket, TicketError, verifyTicket } from '@vdi/identity';
import type { Clock } from '../clock.ts';

type KeySet = Parameters<typeof verifyTicket>[1];

export interface TicketGateOptions {
  /** Public keys of the session door. */
  readonly keys: KeySet;
  /** UID of this agent's session. */
  readonly audience: string;
  readonly clock: Clock;
}

/** A spent id is forgotten after this long; by then the ticket itself has expired (60 s and the clocks' skew). */
const rememberMs = 90_000;

/** Checks tickets, and that each opens at most one connection. */
export class TicketGate {
  readonly #options: TicketGateOptions;
  readonly #spent = new Map<string, number>();

  constructor(options: TicketGateOptions) {
    this.#options = options;
  }

  /** @throws TicketError when there is none, or it is not valid for this session. */
  async check(token: string | undefined): Promise<Ticket> {
    if (token === undefined || token === '') throw new TicketError('malformed', 'The request has no ticket.');
    const { keys, audience, clock } = this.#options;
    return await verifyTicket(token, keys, { audience, now: clock.date() });
  }

  /** Uses the ticket up for a connection. `false`: it was used before. */
  spend(ticket: Ticket): boolean {
    const now = this.#options.clock.date().getTime();
    for (const [jti, forgetAt] of this.#spent) {
      if (forgetAt > now) break;
      this.#spent.delete(jti);
    }
    if (this.#spent.has(ticket.jti)) return false;
    this.#spent.set(ticket.jti, now + rememberMs);
    return true;
  }
}
