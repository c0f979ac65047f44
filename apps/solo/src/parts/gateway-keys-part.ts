import { type GatewayKeys, openGatewayKeys } from '@vdi/gateway';
import type { Part } from '../part.ts';
import { keptFile } from '../state/kept-file.ts';
import type { StateDirectory } from '../state/state-directory.ts';

/**
 * The private keys of the gateway; the operator hands the public half of the ticket keys to desktops. Kept, because desktops
 * and sign-ins outlive this process.
 */
export const gatewayKeysPart: Part<{ readonly state: StateDirectory }, GatewayKeys> = {
  name: 'the keys',
  async start({ state }) {
    return await openGatewayKeys({
      ticketKeys: keptFile(state.ticketKeys),
      providerKeys: keptFile(state.providerKeys),
      cookieKey: keptFile(state.cookieKey),
    });
  },
};
