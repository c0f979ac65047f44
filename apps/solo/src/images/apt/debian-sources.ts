import type { AptSource } from './apt-source.ts';

/** Where the keys of the Debian archive lie, on Debian and, once its package is installed, on Ubuntu. */
export const debianKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The host's sources of one Debian release, turned to another: so that images come from the mirror that the machine's
 * administrator chose. Empty when the host names no archive of Debian's own.
 */
export function sourcesForSuite(sources: readonly AptSource[], hostSuite: string, suite: string): readonly AptSource[] {
  return sources.flatMap((source) => {
    const suites = source.suites.flatMap((name) => renamedSuite(name, hostSuite, suite));
    if (suites.length === 0 || !source.components.includes('main') || !isSignedByDebian(source)) return [];
    return [{ uris: source.uris, suites: [...new Set(suites)], components: ['main'], signedBy: debianKeyring }];
  });
}

/** As a `.sources` file. */
export function formatSources(sources: readonly AptSource[]): string {
  return sources.map(formatSource).join('\n');
}

function formatSource({ uris, suites, components, signedBy }: AptSource): string {
  const lines = ['Types: deb', `URIs: ${uris.join(' ')}`, `Suites: ${suites.join(' ')}`];
  lines.push(`Components: ${components.join(' ')}`);
  if (signedBy !== undefined) lines.push(`Signed-By: ${signedBy}`);
  return `${lines.join('\n')}\n`;
}

/** Backports and proposed updates are another choice than the release, and are left behind. */
function renamedSuite(name: string, hostSuite: string, suite: string): readonly string[] {
  const plain = name.replace(/\/$/, '');
  const release = [hostSuite, 'stable', 'testing'].find((alias) => plain === alias || plain.startsWith(`${alias}-`));
  if (release === undefined) return [];
  const kind = plain.slice(release.length);
  return ['', '-updates', '-security'].includes(kind) ? [`${suite}${kind}`] : [];
}

/** Other archives use Debian's suite names too, but never its keys. */
function isSignedByDebian({ signedBy }: AptSource): boolean {
  return signedBy === undefined || /\/debian-archive-[^/]*$/.test(signedBy);
}
