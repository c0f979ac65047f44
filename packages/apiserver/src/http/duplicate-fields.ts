/**
 * Paths of fields that a JSON document names twice, in the form of `spec.ports[0].name`. `JSON.parse` keeps the last one
 * and says nothing; the document must be one that it has accepted.
 */
export function duplicateFields(json: string): readonly string[] {
  const duplicates: string[] = [];
  const scan = /"(?:[^"\\]|\\.)*"|[{}[\],:]/gs;
  /** Open objects and arrays, innermost last. */
  const open: Frame[] = [];
  for (let match = scan.exec(json); match !== null; match = scan.exec(json)) {
    const [text] = match;
    const frame = open.at(-1);
    if (text === '{') open.push({ path: pathIn(frame), names: new Set(), name: undefined, index: 0 });
    else if (text === '[') open.push({ path: pathIn(frame), names: undefined, name: undefined, index: 0 });
    else if (text === '}' || text === ']') open.pop();
    else if (frame === undefined || text === ':') continue;
    else if (text === ',') {
      frame.name = undefined;
      frame.index += 1;
    } else if (frame.names !== undefined && frame.name === undefined) {
      frame.name = JSON.parse(text) as string;
      if (frame.names.has(frame.name)) duplicates.push(pathIn(frame));
      frame.names.add(frame.name);
    }
  }
  return duplicates;
}

interface Frame {
  readonly path: string;
  /** Of an object; undefined in an array. */
  readonly names: Set<string> | undefined;
  /** The field whose value comes next. */
  name: string | undefined;
  index: number;
}

function pathIn(frame: Frame | undefined): string {
  if (frame === undefined) return '';
  if (frame.names === undefined) return `${frame.path}[${frame.index}]`;
  return frame.path === '' ? (frame.name ?? '') : `${frame.path}.${frame.name ?? ''}`;
}
