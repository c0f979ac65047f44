import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AptSource, parseListFile, parseSourcesFile } from './apt-source.ts';
import { sourcesForSuite } from './debian-sources.ts';

/** This machine's mirrors, for a Debian release. Empty if it is no Debian or has none: then mmdebstrap asks Debian's own servers. */
export function hostSourcesFor(suite: string, root = '/'): readonly AptSource[] {
  const release = readRelease(join(root, 'etc/os-release'));
  if (release.get('ID') !== 'debian') return [];
  return sourcesForSuite(readSources(join(root, 'etc/apt')), release.get('VERSION_CODENAME') ?? 'stable', suite);
}

function readSources(folder: string): readonly AptSource[] {
  const parts = join(folder, 'sources.list.d');
  const names = namesIn(parts).map((name) => join(parts, name));
  return [join(folder, 'sources.list'), ...names].flatMap((path) => {
    if (path.endsWith('.list')) return parseListFile(contentOf(path));
    return path.endsWith('.sources') ? parseSourcesFile(contentOf(path)) : [];
  });
}

function readRelease(path: string): ReadonlyMap<string, string> {
  return new Map(
    [...contentOf(path).matchAll(/^(\w+)="?([^"\n]*)"?$/gm)].map((found) => [found[1] ?? '', found[2] ?? '']),
  );
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // No file, or none that we may read: then nothing is known of it.
    return '';
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    // The same for a folder.
    return [];
  }
}
