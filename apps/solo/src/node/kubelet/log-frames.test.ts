import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { array, assert, asyncProperty, integer, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textOfLogFrames } from './log-frames.ts';

const frame = (line: string): Buffer => {
  const content = Buffer.from(line);
  const header = Buffer.alloc(8);
  header[0] = 1;
  header.writeUInt32BE(content.length, 4);
  return Buffer.concat([header, content]);
};

describe('the frames of a log', () => {
  it('give the text, wherever the stream is cut', async () => {
    await assert(
      asyncProperty(array(string({ unit: 'grapheme' })), integer({ min: 1, max: 20 }), async (lines, step) => {
        const whole = Buffer.concat(lines.map(frame));
        const pieces = Array.from({ length: Math.ceil(whole.length / step) }, (_, index) =>
          whole.subarray(index * step, (index + 1) * step),
        );
        expect(await text(Readable.from(pieces).pipe(textOfLogFrames()))).toBe(lines.join(''));
      }),
      { numRuns: 100 },
    );
  });
});
