import { createHash } from 'node:crypto';

/** Who is in a network: one session, or all other Pods of a namespace. */
export type NetworkKind = 'session' | 'namespace';

const letter: Readonly<Record<NetworkKind, string>> = { session: 's', namespace: 'n' };

/** What the names of all bridges of one installation and kind begin with, so that one firewall rule means them all. */
export const bridgePrefix = (owner: string, kind: NetworkKind): string => `vdi${letter[kind]}${owner.slice(0, 4)}`;

/** The name of a network's bridge: interfaces have at most 15 characters. */
export function bridgeName(owner: string, kind: NetworkKind, network: string): string {
  return `${bridgePrefix(owner, kind)}${createHash('sha256').update(network).digest('hex').slice(0, 7)}`;
}
