/** The protocol's limit for one `text` message, in UTF-16 units. */
const pieceUnits = 4_096;

/** `text` in pieces that fit into one message each, never cut inside a character. Line ends become those of a keyboard. */
export function textPieces(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text.replaceAll(/\r\n?/g, '\n')) {
    if (piece.length + character.length > pieceUnits) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  if (piece !== '') pieces.push(piece);
  return pieces;
}
