/** The lines of the first section of `kind` in a session description (RFC 8866), without line ends; empty when it has none. */
export function sdpSection(sdp: string, kind: 'video' | 'audio' | 'application'): readonly string[] {
  const lines = sdp.split(/\r?\n/);
  const start = lines.findIndex((line) => line.startsWith(`m=${kind} `));
  if (start === -1) return [];
  const length = lines.slice(start + 1).findIndex((line) => line.startsWith('m='));
  return lines.slice(start, length === -1 ? undefined : start + 1 + length).filter((line) => line !== '');
}

/** `a=<name>:<number> <rest>` of each such line: format or extension numbers with what they mean. */
export function numberedAttributes(section: readonly string[], name: string): ReadonlyMap<number, string> {
  const attributes = new Map<number, string>();
  for (const line of section) {
    const { number, rest } =
      new RegExp(`^a=${name}:(?<number>\\d{1,3})(?:/\\S+)? (?<rest>.+)$`).exec(line)?.groups ?? {};
    if (number !== undefined && rest !== undefined) attributes.set(Number(number), rest);
  }
  return attributes;
}
