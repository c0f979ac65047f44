import { describe, expect, it } from 'vitest';
import { clipboardLimitBytes, ClipboardPiece } from './clipboard.ts';
import { ClipboardAssembly, clipboardPieces } from './clipboard-pieces.ts';
import { decodeMessage } from './codec.ts';

const bytesOf = (length: number): Uint8Array<ArrayBuffer> =>
  Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);

describe('pieces of a clipboard', () => {
  it('make the same content again, whatever its length', () => {
    for (const length of [0, 1, 2, 3, 4, 255, 49_151, 49_152, 49_153, 200_000]) {
      const bytes = bytesOf(length);
      const pieces = clipboardPieces({ format: 'png', bytes });
      const assembly = new ClipboardAssembly();
      const answers = pieces.map((piece) => assembly.add(decodeMessage(ClipboardPiece, JSON.stringify(piece))));
      expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
      expect(answers.at(-1)).toEqual({ format: 'png', bytes });
    }
  });

  it('are base64 as everybody writes it', () => {
    const [piece] = clipboardPieces({ format: 'text', bytes: new TextEncoder().encode('Grüße, 漢!?') });
    expect(piece?.data).toBe(Buffer.from('Grüße, 漢!?').toString('base64'));
  });

  it('fit into the messages that browsers take', () => {
    const pieces = clipboardPieces({ format: 'text', bytes: bytesOf(clipboardLimitBytes) });
    expect(Math.max(...pieces.map((piece) => JSON.stringify(piece).length))).toBeLessThan(262_144);
  });

  it('are not made of what is too large, and not kept when they come', () => {
    expect(() => clipboardPieces({ format: 'text', bytes: bytesOf(clipboardLimitBytes + 1) })).toThrow('larger');
    const assembly = new ClipboardAssembly();
    const [piece] = clipboardPieces({ format: 'text', bytes: bytesOf(49_152) });
    for (let sent = 0; sent <= clipboardLimitBytes; sent += 49_152) {
      expect(assembly.add({ ...piece!, isLast: false })).toBeUndefined();
    }
    expect(assembly.add({ ...piece!, isLast: true })).toBe('too-large');
    expect(assembly.add({ type: 'clipboard', format: 'text', data: 'YQ==', isLast: true })).toEqual({
      format: 'text',
      bytes: Uint8Array.of(97),
    });
  });

  it('of one that was broken off do not mix with the next of another format', () => {
    const assembly = new ClipboardAssembly();
    assembly.add({ type: 'clipboard', format: 'png', data: 'AAAA', isLast: false });
    expect(assembly.add({ type: 'clipboard', format: 'text', data: 'YQ==', isLast: true })).toEqual({
      format: 'text',
      bytes: Uint8Array.of(97),
    });
  });
});
