import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { depacketiseH264, depacketiseVp8, joined } from '../testing/depacketise.ts';
import { packetiseVp8 } from '../vp8/packetise-vp8.ts';
import { nalUnits } from './annex-b.ts';
import { nalType, packetiseH264 } from './packetise-h264.ts';

/** A NAL unit as an encoder writes it: no start code inside (7.4.1 emulation prevention), no zero at the end. */
const unit = fc
  .tuple(fc.constantFrom(0x67, 0x68, 0x65, 0x41, 0x01, 0x06), fc.uint8Array({ minLength: 1, maxLength: 5000 }))
  .map(([header, body]) => Uint8Array.of(header, ...body.map((byte) => (byte < 2 ? 2 : byte))));
const startCode = fc.constantFrom([0, 0, 1], [0, 0, 0, 1]);
const stream = (units: readonly Uint8Array[], codes: readonly (readonly number[])[]): Uint8Array =>
  joined(units.flatMap((nal, index) => [Uint8Array.from(codes[index] ?? [0, 0, 1]), nal]));

describe('an H.264 access unit', () => {
  it('comes out of its packets as it went in, whatever its units and the packet size', () => {
    fc.assert(
      fc.property(
        fc.array(unit, { minLength: 1, maxLength: 6 }),
        fc.array(startCode, { maxLength: 6 }),
        fc.integer({ min: 8, max: 1166 }),
        (units, codes, maximum) => {
          const payloads = packetiseH264(stream(units, codes), maximum);
          expect(depacketiseH264(payloads)).toEqual(units);
          expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(maximum);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('puts parameter sets and small slices into one packet', () => {
    const units = [Uint8Array.of(0x67, 1, 2), Uint8Array.of(0x68, 3), Uint8Array.of(0x65, 4, 5, 6)];
    const payloads = packetiseH264(stream(units, []), 1166);
    expect(payloads).toHaveLength(1);
    expect(payloads[0]![0]! & 0x1f).toBe(nalType.stapA);
  });

  it('marks the first and the last fragment of a large unit, and leaves out delimiters', () => {
    const large = Uint8Array.from({ length: 3000 }, (_, index) => (index === 0 ? 0x65 : 7));
    const payloads = packetiseH264(stream([Uint8Array.of(9, 0xf0), large], []), 1000);
    expect(payloads.map((payload) => payload[1]! >> 6)).toEqual([2, 0, 0, 1]);
    expect(payloads.every((payload) => payload[0] === (0x60 | nalType.fuA))).toBe(true);
  });

  it('finds no unit where there is no start code', () => {
    expect(nalUnits(Uint8Array.of(1, 2, 3))).toEqual([]);
    expect(nalUnits(new Uint8Array(0))).toEqual([]);
  });
});

describe('a VP8 frame', () => {
  it('comes out of its packets as it went in', () => {
    const frames = fc.uint8Array({ minLength: 1, maxLength: 20_000 });
    fc.assert(
      fc.property(frames, fc.integer({ min: 5, max: 1166 }), fc.nat({ max: 40_000 }), (frame, maximum, id) => {
        const payloads = packetiseVp8(frame, maximum, id);
        expect(depacketiseVp8(payloads)).toEqual(frame);
        expect(Math.max(...payloads.map(({ length }) => length))).toBeLessThanOrEqual(maximum);
        expect(payloads.map((payload) => payload[0])).toEqual(payloads.map((_, index) => (index === 0 ? 0x90 : 0x80)));
        expect(((payloads[0]![2]! & 0x7f) << 8) | payloads[0]![3]!).toBe(id & 0x7fff);
      }),
    );
  });
});
