import { type ClipboardContent, clipboardLimitBytes, type ClipboardPiece, pieceBytes } from './clipboard.ts';

/** The messages that carry `content`, in order. @throws RangeError when it is larger than `clipboardLimitBytes` */
export function clipboardPieces({ format, bytes }: ClipboardContent): readonly ClipboardPiece[] {
  if (bytes.length > clipboardLimitBytes) {
    throw new RangeError(`A clipboard of ${bytes.length} bytes is larger than ${clipboardLimitBytes}.`);
  }
  const count = Math.max(1, Math.ceil(bytes.length / pieceBytes));
  return Array.from({ length: count }, (_, index) => ({
    type: 'clipboard',
    format,
    data: toBase64(bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes)),
    isLast: index === count - 1,
  }));
}

/** Puts the pieces of one direction together again. */
export class ClipboardAssembly {
  #format: ClipboardPiece['format'] | undefined;
  #pieces: Uint8Array<ArrayBuffer>[] = [];
  #bytes = 0;

  /** @returns the content with its last piece, `too-large` with the last piece of one that is, otherwise `undefined` */
  add({ format, data, isLast }: ClipboardPiece): ClipboardContent | 'too-large' | undefined {
    // A sender that began anew, because its page did.
    if (format !== this.#format) this.#forget();
    this.#format = format;
    const piece = fromBase64(data);
    this.#bytes += piece.length;
    if (this.#bytes > clipboardLimitBytes) this.#pieces = [];
    else this.#pieces.push(piece);
    if (!isLast) return undefined;
    const content = this.#bytes > clipboardLimitBytes ? 'too-large' : { format, bytes: concatenated(this.#pieces) };
    this.#forget();
    return content;
  }

  #forget(): void {
    this.#format = undefined;
    this.#pieces = [];
    this.#bytes = 0;
  }
}

function concatenated(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const padding = '='.charCodeAt(0);
const codeOf = Uint8Array.from(alphabet, (character) => character.charCodeAt(0));
const valueOf = new Uint8Array(128);
for (const [value, code] of codeOf.entries()) valueOf[code] = value;

/** RFC 4648 §4, here because `btoa` takes strings only and no portable function takes bytes yet. */
function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4);
  for (let at = 0, to = 0; at < bytes.length; at += 3, to += 4) {
    const bits = (bytes[at]! << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (let digit = 0; digit < 4; digit += 1) codes[to + digit] = codeOf[(bits >> (18 - 6 * digit)) & 63]!;
  }
  const missing = (3 - (bytes.length % 3)) % 3;
  codes.fill(padding, codes.length - missing);
  let text = '';
  for (let at = 0; at < codes.length; at += 8192) text += String.fromCharCode(...codes.subarray(at, at + 8192));
  return text;
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const characters = text.replace(/=+$/, '');
  const bytes = new Uint8Array(Math.floor((characters.length * 3) / 4));
  for (let index = 0; index < bytes.length; index += 1) {
    // Byte n lies in the bits from 8n on: the rest of one character and the beginning of the next.
    const at = Math.floor((index * 8) / 6);
    const shift = 4 - (index % 3) * 2;
    const pair = ((valueOf[characters.charCodeAt(at)] ?? 0) << 6) | (valueOf[characters.charCodeAt(at + 1)] ?? 0);
    bytes[index] = pair >> shift;
  }
  return bytes;
}
