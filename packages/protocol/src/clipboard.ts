import { Type, type Static } from 'typebox';

/**
 * The clipboard over the control channel. It goes in pieces, because browsers take messages of 256 KiB only, and as bytes,
 * so that text needs no escapes. The channel is reliable and ordered, and one side sends one clipboard after the other:
 * the last piece ends it.
 */
export const ClipboardFormat = Type.Union([Type.Literal('text'), Type.Literal('png')]);
export type ClipboardFormat = Static<typeof ClipboardFormat>;

/** What was copied: UTF-8 text without a byte order mark, or a PNG picture. */
export interface ClipboardContent {
  readonly format: ClipboardFormat;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Larger contents are refused in both directions: the display's memory is small, and the channel is shared with the keyboard. */
export const clipboardLimitBytes = 2 * 1_048_576;

/** Bytes of one piece; a multiple of three, so that pieces need no padding. */
export const pieceBytes = 49_152;
const pieceCharacters = (pieceBytes / 3) * 4;

export const ClipboardPiece = Type.Object({
  type: Type.Literal('clipboard'),
  format: ClipboardFormat,
  /** Base64. */
  data: Type.String({ maxLength: pieceCharacters, pattern: '^[A-Za-z0-9+/]*={0,2}$' }),
  isLast: Type.Boolean(),
});
export type ClipboardPiece = Static<typeof ClipboardPiece>;

/** Which way the clipboard may go: `in` is from the browser to the desktop. */
export const ClipboardPolicy = Type.Union([
  Type.Literal('both'),
  Type.Literal('in'),
  Type.Literal('out'),
  Type.Literal('none'),
]);
export type ClipboardPolicy = Static<typeof ClipboardPolicy>;

/** A clipboard that did not arrive, for the person to know. */
export const ClipboardRefusal = Type.Object({
  type: Type.Literal('clipboard-refused'),
  direction: Type.Union([Type.Literal('in'), Type.Literal('out')]),
  reason: Type.Union([Type.Literal('too-large'), Type.Literal('policy')]),
});
export type ClipboardRefusal = Static<typeof ClipboardRefusal>;

export function mayPass(policy: ClipboardPolicy, direction: 'in' | 'out'): boolean {
  return policy === 'both' || policy === direction;
}
