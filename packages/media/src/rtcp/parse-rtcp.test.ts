import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { joined } from '../testing/depacketise.ts';
import {
  writeFeedback,
  writeFullIntraRequest,
  writeNack,
  writePictureLoss,
  writeTransportFeedback,
} from '../testing/write-rtcp.ts';
import { parseRtcp } from './parse-rtcp.ts';
import { compactNtp, writeSenderReport } from './sender-report.ts';

const fromHex = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'));

it('reads a compound packet in order and leaves out what it does not know', () => {
  const compound = joined([
    fromHex('81c90007 00000001 000003e8 40000002 0001000a 00000005 12345678 00010000'),
    fromHex('80cc0002 00000001 61626364'),
    writePictureLoss(1000),
    writeFullIntraRequest(1000, 7),
  ]);
  expect(parseRtcp(compound)).toEqual([
    {
      type: 'receiver-report',
      blocks: [
        {
          ssrc: 1000,
          fractionLost: 0.25,
          cumulativeLost: 2,
          highestSequence: 0x1000a,
          jitter: 5,
          lastSenderReport: 0x1234_5678,
          delaySinceLastSenderReport: 0x1_0000,
        },
      ],
    },
    { type: 'picture-loss', mediaSsrc: 1000 },
    { type: 'full-intra-request', mediaSsrc: 1000, command: 7 },
  ]);
});

it('reads the bit mask of a NACK across the wrap', () => {
  const nack = writeFeedback(205, 1, 1000, fromHex('fffe8005'));
  expect(parseRtcp(nack)).toEqual([{ type: 'nack', mediaSsrc: 1000, sequences: [0xfffe, 0xffff, 1, 14] }]);
  expect(parseRtcp(writeNack(1, [3, 9]))).toEqual([{ type: 'nack', mediaSsrc: 1, sequences: [3, 9] }]);
});

it('reads transport-wide feedback in run-length and one-bit chunks with small deltas', () => {
  // Base 10, 5 packets, reference 0x000102, count 3; run of two small deltas, then bits 1 0 1.
  const feedback = fromHex('000a 0005 00010203 2002 a800 04 08 ff 10 0000');
  expect(parseRtcp(writeFeedback(205, 15, 0, feedback))).toEqual([
    {
      type: 'transport-feedback',
      feedback: {
        referenceTicks: 0x102,
        feedbackCount: 3,
        packets: [
          { sequence: 10, arrivedAfterMs: 1 },
          { sequence: 11, arrivedAfterMs: 3 },
          { sequence: 12, arrivedAfterMs: 66.75 },
          { sequence: 13, arrivedAfterMs: undefined },
          { sequence: 14, arrivedAfterMs: 70.75 },
        ],
      },
    },
  ]);
});

it('reads any feedback as a receiver writes it, across the wrap and with negative deltas', () => {
  const arrival = fc.option(
    fc.integer({ min: -4000, max: 4000 }).map((quarters) => quarters / 4),
    { nil: undefined },
  );
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 0xffff }),
      fc.integer({ min: 0, max: 0xff_ffff }),
      fc.array(arrival, { minLength: 1, maxLength: 300 }),
      (base, referenceTicks, arrivals) => {
        const [message] = parseRtcp(writeTransportFeedback({ base, feedbackCount: 9, referenceTicks, arrivals }));
        expect(message).toEqual({
          type: 'transport-feedback',
          feedback: {
            referenceTicks,
            feedbackCount: 9,
            packets: arrivals.map((arrivedAfterMs, index) => ({ sequence: (base + index) & 0xffff, arrivedAfterMs })),
          },
        });
      },
    ),
  );
});

it('never throws, whatever arrives: noise, cut packets, lying lengths', () => {
  const header = fc.constantFrom(0x8f, 0x81, 0x84, 0x9f);
  const type = fc.constantFrom(200, 201, 203, 205, 206, 207);
  const hostile = fc.tuple(header, type, fc.uint8Array({ maxLength: 80 })).map(([first, second, rest]) => {
    const bytes = Uint8Array.of(first, second, 0, Math.floor(rest.length / 4), ...rest);
    return bytes;
  });
  fc.assert(
    fc.property(fc.oneof(hostile, fc.uint8Array({ maxLength: 80 })), (noise) => {
      expect(Array.isArray(parseRtcp(noise))).toBe(true);
    }),
    { numRuns: 5000 },
  );
});

it('writes a sender report that its own parser and RFC 3550 agree on', () => {
  const report = writeSenderReport({
    ssrc: 0x0102_0304,
    unixMilliseconds: 1500,
    rtpTimestamp: 90_000,
    packets: 5,
    bytes: 6000,
    cname: 'vdi',
  });
  expect(Buffer.from(report).toString('hex')).toBe(
    '80c80006010203048 3aa7e8180000000 00015f90 00000005 00001770 81ca0003 01020304 01037664 69000000'.replaceAll(
      ' ',
      '',
    ),
  );
  expect(compactNtp(1500)).toBe(0x7e81_8000);
  expect(parseRtcp(report)).toEqual([{ type: 'receiver-report', blocks: [] }]);
});
