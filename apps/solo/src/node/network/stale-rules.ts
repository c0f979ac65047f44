import { bridgePrefix } from './bridge-name.ts';

const bridgeIn = (owner: string): RegExp =>
  new RegExp(`(?:${bridgePrefix(owner, 'session')}|${bridgePrefix(owner, 'namespace')})[0-9a-f]{7}`, 'g');

/**
 * The rules about bridges of ours that are gone, as arguments that delete them. Podman takes its rules away with a bridge,
 * but can forget one when another Podman changes the firewall at the same moment.
 *
 * @param listing What `iptables --list-rules` prints.
 */
export function staleRules(
  listing: string,
  owner: string,
  bridgeExists: (name: string) => boolean,
): readonly (readonly string[])[] {
  return listing
    .split('\n')
    .filter((line) => line.startsWith('-A ') && !line.includes('"'))
    .filter((line) => (line.match(bridgeIn(owner)) ?? []).some((name) => !bridgeExists(name)))
    .map((line) => ['-D', ...line.split(' ').slice(1)]);
}
