import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { captureTimeExtension, noPlayoutDelayExtension, transportSequenceExtension } from './header-extensions.ts';
import { parseRtpPacket, writeRtpPacket } from './rtp-packet.ts';
import { nextSequence, sequenceDistance, SequenceUnwrapper } from './sequence.ts';

const bytes = (limit: number, least = 0): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: least, maxLength: limit });
const packet = fc.record({
  payloadType: fc.integer({ min: 0, max: 127 }),
  marker: fc.boolean(),
  sequence: fc.integer({ min: 0, max: 0xffff }),
  timestamp: fc.integer({ min: 0, max: 0xffff_ffff }),
  ssrc: fc.integer({ min: 0, max: 0xffff_ffff }),
  extensions: fc.uniqueArray(fc.record({ id: fc.integer({ min: 1, max: 14 }), data: bytes(16, 1) }), {
    selector: ({ id }) => id,
    maxLength: 5,
  }),
  payload: bytes(1200),
});

it('reads every packet as it was written', () => {
  fc.assert(
    fc.property(packet, (written) => {
      expect(parseRtpPacket(writeRtpPacket(written))).toEqual(written);
    }),
  );
});

it('takes anything for a packet or for none, and never throws', () => {
  fc.assert(
    fc.property(bytes(64), (noise) => {
      const parsed = parseRtpPacket(noise);
      expect(parsed === undefined || parsed.payload.length <= noise.length).toBe(true);
    }),
  );
});

it('writes the extensions byte for byte as specified', () => {
  const written = writeRtpPacket({
    payloadType: 102,
    marker: true,
    sequence: 0x1234,
    timestamp: 0x0102_0304,
    ssrc: 0x0a0b_0c0d,
    extensions: [noPlayoutDelayExtension(4), transportSequenceExtension(5, 0xbeef)],
    payload: Uint8Array.of(0x65),
  });
  expect(Buffer.from(written).toString('hex')).toBe('90e61234010203040a0b0c0dbede00024200000051beef0065');
  expect(Buffer.from(captureTimeExtension(6, 0.5).data).toString('hex')).toBe('83aa7e800020c49b');
});

it('goes around the circle of sequence numbers', () => {
  expect(nextSequence(0xffff)).toBe(0);
  expect(sequenceDistance(0xfffe, 1)).toBe(3);
  expect(sequenceDistance(1, 0xfffe)).toBe(-3);
});

it('follows a counter over any number of wraps, reordered or not', () => {
  const steps = fc.array(fc.integer({ min: -500, max: 20_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(fc.integer({ min: 30_000, max: 60_000 }), steps, (start, distances) => {
      const unwrapper = new SequenceUnwrapper();
      let highest = start;
      expect(unwrapper.unwrap(start & 0xffff)).toBe(start);
      for (const distance of distances) {
        const position = highest + distance;
        expect(unwrapper.unwrap(position & 0xffff)).toBe(position);
        highest = Math.max(highest, position);
      }
    }),
  );
});
