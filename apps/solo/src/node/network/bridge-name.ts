import { createHash } from 'node:crypto';

/** What the names of all bridges of one installation begin with, so that one firewall rule means them all. */
export const bridgePrefix = (owner: string): string => `vdi${owner.slice(0, 4)}`;

/** The name of a network's bridge: interfaces have at most 15 characters. */
export function bridgeName(owner: string, network: string): string {
  return `${bridgePrefix(owner)}${createHash('sha256').update(network).digest('hex').slice(0, 8)}`;
}
