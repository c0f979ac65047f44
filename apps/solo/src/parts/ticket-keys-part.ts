import { generateTicketKeys, type TicketKeys } from '@vdi/identity';
import type { Part } from '../part.ts';
import { readIfPresent, writePrivateFile } from '../state/private-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface TicketKeysProvides {
  /** The session door signs with the private half; the operator hands the public half to desktops. */
  readonly ticketKeys: TicketKeys;
}

/** The key pair of the session door. Kept, because desktops outlive this process and know only the public half. */
export const ticketKeysPart: Part<{ readonly state: StateDirectory }, TicketKeysProvides> = {
  name: 'the ticket keys',
  async start({ state }) {
    const stored = readIfPresent(state.ticketKeys);
    if (stored !== undefined) return { ticketKeys: JSON.parse(stored) as TicketKeys };
    const ticketKeys = await generateTicketKeys();
    writePrivateFile(state.ticketKeys, JSON.stringify(ticketKeys));
    return { ticketKeys };
  },
};
