import { isIP } from 'node:net';
import type { MediaAddress } from './media-address.ts';

/** One of our ICE candidates (RFC 8839 §5.1): `candidate:<foundation> <component> UDP <priority> <address> <port> typ host`. */
const hostCandidate =
  /^(?:a=)?(?<head>candidate:(?<foundation>\S+) \d+ UDP )(?<priority>\d+) (?<address>\S+) (?<port>\d+) typ host/i;

/**
 * Replaces our own addresses by those at which viewers reach us. The library below knows no address mapping, so the
 * text is rewritten: each advertised address is offered once, in the order of the configuration.
 */
export class LocalCandidates {
  readonly #advertised: readonly MediaAddress[];
  #areOffered = false;

  constructor(advertised: readonly MediaAddress[]) {
    this.#advertised = advertised;
  }

  /** What to tell the viewer in place of `candidate`: none, one or several. */
  rewrite(candidate: string): readonly string[] {
    if (this.#advertised.length === 0) return [candidate.replace(/^a=/, '')];
    const groups = hostCandidate.exec(candidate)?.groups;
    if (groups === undefined || this.#areOffered) return [];
    this.#areOffered = true;
    return this.#advertised.map(({ host, port }, index) => {
      const priority = Math.max(1, Number(groups['priority']) - index);
      const head = groups['head']!.replace(`candidate:${groups['foundation']}`, `candidate:${index + 1}`);
      return `${head}${priority} ${host} ${port} typ host`;
    });
  }
}

/** Candidates name addresses, not hosts: browsers ignore names that do not end in `.local`. */
export async function resolveMediaAddresses(
  addresses: readonly MediaAddress[],
  lookup: (host: string) => Promise<string>,
): Promise<readonly MediaAddress[]> {
  return await Promise.all(
    addresses.map(async ({ host, port }) => ({ host: isIP(host) === 0 ? await lookup(host) : host, port })),
  );
}
