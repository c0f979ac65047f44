import type { VDISession } from '@vdi/api';
import type { Secret } from '@vdi/kube';
import { childMetadata, secretKeys } from './names.ts';

/** A JSON Web Key Set with public keys only. */
export interface PublicKeySet {
  readonly keys: readonly object[];
}

/**
 * Mounted in the display container only. Created once: the bearer by which the operator asks the agent stays for the life
 * of the session; the door's public keys are brought up to date before each start.
 */
export function desiredSecret(session: VDISession, agentToken: string, ticketKeys: PublicKeySet): Secret {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: childMetadata(session, 'secret'),
    type: 'Opaque',
    data: { [secretKeys.agentToken]: base64(agentToken), [secretKeys.ticketKeys]: base64(JSON.stringify(ticketKeys)) },
  };
}

function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}
