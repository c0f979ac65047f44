import { mkdirSync, mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseListFile, parseSourcesFile } from './apt-source.ts';
import { formatSources, sourcesForSuite } from './debian-sources.ts';
import { hostSourcesFor } from './host-sources.ts';

const bookworm = `# Debian of the machine
Types: deb deb-src
URIs: http://mirror.example/debian
Suites: bookworm bookworm-updates bookworm-backports
Components: main contrib
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://mirror.example/debian-security
Suites: bookworm-security
Components: main
Signed-By:
 /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb
URIs: http://other.example
Suites: bookworm
Components: main
Signed-By: /etc/apt/keyrings/other.asc

Enabled: no
Types: deb
URIs: http://switched-off.example
Suites: bookworm
Components: main
`;

describe('sources for another release of Debian', () => {
  it("keep the machine's mirrors and lose other archives, backports and parts that are not free", () => {
    const turned = sourcesForSuite(parseSourcesFile(bookworm), 'bookworm', 'trixie');
    expect(turned.map(({ uris, suites, components }) => [uris[0], suites, components])).toEqual([
      ['http://mirror.example/debian', ['trixie', 'trixie-updates'], ['main']],
      ['http://mirror.example/debian-security', ['trixie-security'], ['main']],
    ]);
  });

  it('are read from one-line entries as well, options and comments included', () => {
    const lines = [
      '# deb http://commented.example bookworm main',
      'deb [arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://mirror.example/debian stable main # ours',
      'deb-src http://mirror.example/debian stable main',
      'deb http://mirror.example/debian-security stable-security main',
    ];
    const turned = sourcesForSuite(parseListFile(lines.join('\n')), 'bookworm', 'trixie');
    expect(turned.map(({ suites }) => suites)).toEqual([['trixie'], ['trixie-security']]);
  });

  it('come back as they were when they are written and read again', () => {
    const sources = sourcesForSuite(parseSourcesFile(bookworm), 'bookworm', 'trixie');
    expect(parseSourcesFile(formatSources(sources))).toEqual(sources);
  });
});

describe('the sources of a machine', () => {
  it.each([
    { name: 'a Debian', release: 'ID=debian\nVERSION_CODENAME=bookworm\n', uri: 'http://mirror.example/debian' },
    { name: 'an Ubuntu', release: 'ID=ubuntu\nVERSION_CODENAME=noble\n', uri: undefined },
    { name: 'a machine that says nothing of itself', release: '', uri: undefined },
  ])('are, on $name, at $uri', ({ release, uri }) => {
    using root = mkdtempDisposableSync(join(tmpdir(), 'vdi-sources-'));
    mkdirSync(join(root.path, 'etc/apt/sources.list.d'), { recursive: true });
    writeFileSync(join(root.path, 'etc/os-release'), release);
    writeFileSync(join(root.path, 'etc/apt/sources.list.d/debian.sources'), bookworm);
    expect(hostSourcesFor('trixie', root.path)[0]?.uris[0]).toBe(uri);
  });
});
