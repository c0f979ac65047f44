/** Protobuf's wire types (https://protobuf.dev/programming-guides/encoding/): 0 varint, 1 eight bytes, 2 counted bytes, 5 four bytes. */
type WireType = 0 | 1 | 2 | 5;

/** One field of a message: its number, and what follows as raw material. */
export interface WireField {
  readonly number: number;
  /** Of wire type 0; of 1 and 5 the bytes as they stand. */
  readonly varint: bigint;
  /** Of wire types 1, 2 and 5. */
  readonly bytes: Uint8Array;
}

const none = new Uint8Array(0);

/** The fields of a message in the order in which they were written. Throws RangeError where the bytes are no message. */
export function* readFields(message: Uint8Array): Generator<WireField> {
  let position = 0;

  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = message[position++];
      if (byte === undefined) throw new RangeError('a number is cut off');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number is longer than ten bytes');
  };
  const bytes = (length: number): Uint8Array => {
    if (length > message.length - position) throw new RangeError('a field is longer than its message');
    position += length;
    return message.subarray(position - length, position);
  };

  while (position < message.length) {
    const tag = Number(varint());
    const number = Math.floor(tag / 8);
    const wireType = (tag % 8) as WireType;
    if (wireType === 0) yield { number, varint: varint(), bytes: none };
    else if (wireType === 1) yield { number, varint: 0n, bytes: bytes(8) };
    else if (wireType === 2) yield { number, varint: 0n, bytes: bytes(Number(varint())) };
    else if (wireType === 5) yield { number, varint: 0n, bytes: bytes(4) };
    else throw new RangeError(`wire type ${String(wireType)} is not used by Kubernetes`);
  }
}

/** The last field of that number, which counts when one is written twice. */
export function lastField(message: Uint8Array, number: number): WireField | undefined {
  let last: WireField | undefined;
  for (const field of readFields(message)) if (field.number === number) last = field;
  return last;
}

/** Negative numbers are written as 64 bits in two's complement. */
export const signed = ({ varint }: WireField): number => Number(BigInt.asIntN(64, varint));

/** Throws TypeError where the bytes are no UTF-8. */
export function textOf(field: WireField | undefined): string {
  return field === undefined ? '' : new TextDecoder('utf-8', { fatal: true }).decode(field.bytes);
}
