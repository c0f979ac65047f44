/** Writes what `wire-reader.ts` reads, as far as documents for clients need it: counted fields, and true. */

/** A field whose content is text, bytes, or the fields of a message inside it. */
export function countedField(number: number, content: string | Uint8Array | readonly Uint8Array[]): Uint8Array {
  const bytes =
    typeof content === 'string' ? Buffer.from(content) : Array.isArray(content) ? Buffer.concat(content) : content;
  return Buffer.concat([varint(number * 8 + 2), varint((bytes as Uint8Array).length), bytes as Uint8Array]);
}

function varint(value: number): Uint8Array {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Uint8Array.from([...bytes, rest]);
    bytes.push((rest % 128) + 128);
  }
}
