/** One archive that apt takes packages from: an entry of sources.list(5), in either of its two formats. */
export interface AptSource {
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  /** A key file, or a key itself; without it, all that apt trusts. */
  readonly signedBy?: string;
}

/** Reads a `.sources` file (deb822). Disabled entries and source packages are left out. */
export function parseSourcesFile(content: string): readonly AptSource[] {
  return content.split(/\n[ \t]*\n/).flatMap(parseStanza);
}

/** Reads a `.list` file (one entry on a line). */
export function parseListFile(content: string): readonly AptSource[] {
  return content.split('\n').flatMap(parseLine);
}

function parseStanza(stanza: string): readonly AptSource[] {
  const fields = new Map<string, string>();
  let name = '';
  for (const line of stanza.split('\n')) {
    if (line.startsWith('#')) continue;
    const start = /^([A-Za-z-]+):\s*(.*)$/.exec(line);
    if (start?.[1] !== undefined) {
      name = start[1].toLowerCase();
      fields.set(name, start[2] ?? '');
    } else if (/^\s+\S/.test(line)) {
      fields.set(name, `${fields.get(name) ?? ''}\n${line.trim()}`);
    }
  }
  if (!words(fields.get('types')).includes('deb') || fields.get('enabled')?.trim().toLowerCase() === 'no') return [];
  return [
    {
      uris: words(fields.get('uris')),
      suites: words(fields.get('suites')),
      components: words(fields.get('components')),
      ...signature(fields.get('signed-by')),
    },
  ];
}

function parseLine(line: string): readonly AptSource[] {
  const found = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(line);
  if (found === null) return [];
  const [, options = '', uri = '', suite = '', components] = found;
  const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1];
  return [{ uris: [uri], suites: [suite], components: words(components), ...signature(signedBy) }];
}

function words(value = ''): readonly string[] {
  return value.split(/\s+/).filter((word) => word !== '');
}

function signature(value: string | undefined): { readonly signedBy?: string } {
  const signedBy = value?.trim() ?? '';
  return signedBy === '' ? {} : { signedBy };
}
