import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseRtpPacket, type RtpPacket } from './rtp/rtp-packet.ts';
import { compactNtp } from './rtcp/sender-report.ts';
import { joined } from './testing/depacketise.ts';
import { DrivenClock } from './testing/driven-clock.ts';
import { streamForTests } from './testing/simulated-receiver.ts';
import { SimulatedStream } from './testing/simulated-stream.ts';
import { writeFullIntraRequest, writeNack, writePictureLoss, writeReceiverReport } from './testing/write-rtcp.ts';
import { type MediaFrame, VideoSender, type VideoStreamParameters } from './video-sender.ts';

const isMedia = (packet: Uint8Array): boolean => (packet[1]! & 0x7f) !== 72;
const aFrame = (bytes: number, change: Partial<MediaFrame> = {}): MediaFrame => ({
  data: joined([Uint8Array.of(0, 0, 1, 0x65), new Uint8Array(bytes).fill(7)]),
  isKeyframe: true,
  capturedAt: 1000,
  ...change,
});

function aSender(stream: Partial<VideoStreamParameters> = {}) {
  const clock = new DrivenClock();
  const packets: Uint8Array[] = [];
  let keyframesNeeded = 0;
  const sender = new VideoSender({
    stream: { ...streamForTests, ...stream },
    clock,
    transmit: (packet) => packets.push(packet),
    onKeyframeNeeded: () => (keyframesNeeded += 1),
    origin: { sequence: 65_534, retransmissionSequence: 65_535, timestamp: 100 },
  });
  const media = (): RtpPacket[] => packets.filter(isMedia).map((packet) => parseRtpPacket(packet)!);
  return { clock, packets, sender, media, keyframesNeeded: () => keyframesNeeded };
}

describe('a sender', () => {
  it('numbers packets on, marks the last one of a frame and keeps under 1,200 bytes', () => {
    const { sender, media, packets } = aSender();
    expect(sender.sendFrame(aFrame(4000))).toBe(true);
    expect(media().map(({ sequence }) => sequence)).toEqual([65_534, 65_535, 0, 1]);
    expect(media().map(({ marker }) => marker)).toEqual([false, false, false, true]);
    expect(new Set(media().map(({ timestamp }) => timestamp))).toEqual(new Set([90_100]));
    expect(Math.max(...packets.map(({ length }) => length))).toBeLessThanOrEqual(1200);
  });

  it('tells the playout delay and the time of capture once per frame, its transport number in each packet', () => {
    const { sender, media } = aSender();
    sender.sendFrame(aFrame(3000));
    expect(media().map(({ extensions }) => extensions.map(({ id }) => id))).toEqual([[4, 6, 5], [5], [5]]);
  });

  it('writes no extension that the receiver does not know', () => {
    const { sender, media } = aSender({ extensions: {} });
    sender.sendFrame(aFrame(100));
    expect(media()[0]!.extensions).toEqual([]);
  });

  it('begins with a keyframe and asks for one when it has none', () => {
    const { sender, media, keyframesNeeded } = aSender();
    expect(sender.sendFrame(aFrame(100, { isKeyframe: false }))).toBe(false);
    expect([keyframesNeeded(), media().length]).toEqual([1, 0]);
  });

  it('sends again what is asked for, in the retransmission stream, with the original number in front', () => {
    const { sender, media } = aSender();
    sender.sendFrame(aFrame(3000));
    sender.handleRtcp(writeNack(streamForTests.ssrc, [65_535, 40_000]));
    const again = media().slice(3);
    expect(again).toHaveLength(1);
    expect(again[0]).toMatchObject({ ssrc: 2000, payloadType: 103, sequence: 65_535 });
    expect([...again[0]!.payload]).toEqual([0xff, 0xff, ...media()[1]!.payload]);
  });

  it('sends the original again where the receiver has no retransmission stream', () => {
    const { sender, media } = aSender({ retransmission: undefined as never });
    sender.sendFrame(aFrame(3000));
    sender.handleRtcp(writeNack(streamForTests.ssrc, [65_535]));
    expect(media().at(-1)).toMatchObject({ ssrc: 1000, payloadType: 102, sequence: 65_535 });
  });

  it('hears picture loss and full intra requests, each command once, and no more than two a second', () => {
    const { sender, clock, keyframesNeeded } = aSender();
    sender.sendFrame(aFrame(100));
    sender.handleRtcp(writePictureLoss(streamForTests.ssrc));
    sender.handleRtcp(writePictureLoss(streamForTests.ssrc));
    expect(keyframesNeeded()).toBe(1);
    clock.advance(600);
    sender.handleRtcp(writeFullIntraRequest(streamForTests.ssrc, 1));
    clock.advance(600);
    sender.handleRtcp(writeFullIntraRequest(streamForTests.ssrc, 1));
    expect(keyframesNeeded()).toBe(2);
  });

  it('never queues more than 120 ms: it drops to the next keyframe instead', () => {
    const { sender, clock, media, keyframesNeeded } = aSender();
    // Ten megabits a second, paced at two and a half times that: 120 ms are 375 kB.
    sender.sendFrame(aFrame(500_000));
    expect(sender.sendFrame(aFrame(2000, { isKeyframe: false }))).toBe(false);
    clock.advance(1000);
    expect(sender.sendFrame(aFrame(2000, { isKeyframe: false }))).toBe(false);
    expect(keyframesNeeded()).toBe(1);
    expect(sender.sendFrame(aFrame(2000))).toBe(true);
    expect(sender.sendFrame(aFrame(2000, { isKeyframe: false }))).toBe(true);
    const sequences = media().map(({ sequence }) => sequence);
    expect(
      sequences.every((sequence, index) => index === 0 || sequence === ((sequences[index - 1]! + 1) & 0xffff)),
    ).toBe(true);
  });

  it('reports once a second while it sends, with the RTP time of now', () => {
    const { sender, clock, packets } = aSender();
    sender.sendFrame(aFrame(100));
    clock.advance(500);
    sender.sendFrame(aFrame(100, { capturedAt: 1500 }));
    clock.advance(600);
    sender.sendFrame(aFrame(100, { capturedAt: 2100 }));
    const reports = packets.filter((packet) => !isMedia(packet));
    expect(reports).toHaveLength(2);
    expect(new DataView(reports[1]!.buffer).getUint32(16)).toBe(100 + 2100 * 90);
  });

  it('measures the round trip from what the receiver echoes', () => {
    const { sender, clock } = aSender();
    sender.sendFrame(aFrame(100));
    const lastSenderReport = compactNtp(clock.timeOrigin + clock.nowMs());
    clock.advance(580);
    sender.handleRtcp(
      writeReceiverReport({ ssrc: streamForTests.ssrc, lastSenderReport, delaySinceLastSenderReport: 65_536 / 2 }),
    );
    expect(sender.statistics.roundTripMs).toBeCloseTo(80, 1);
  });

  it('is silent after it was closed', () => {
    const { sender, clock, packets } = aSender();
    sender.sendFrame(aFrame(500_000));
    const before = packets.length;
    sender.close();
    clock.advance(1000);
    expect(sender.sendFrame(aFrame(100))).toBe(false);
    expect(packets).toHaveLength(before);
  });
});

describe('a receiver', () => {
  it('gets every frame in order and whole, with loss and reordering on the way', () => {
    const paths = fc.record({
      loss: fc.double({ min: 0, max: 0.15, noNaN: true }),
      jitterMs: fc.integer({ min: 0, max: 8 }),
    });
    fc.assert(
      fc.property(
        paths,
        fc.nat(),
        fc.array(fc.integer({ min: 8, max: 20_000 }), { minLength: 5, maxLength: 40 }),
        (path, seed, sizes) => {
          const stream = new SimulatedStream({ path, seed });
          // The first packet is never lost: a receiver cannot ask for what it does not know of.
          stream.path.options = { ...stream.path.options, loss: 0, jitterMs: 0 };
          stream.frame(100, true);
          stream.clock.advance(17);
          stream.path.options = { ...stream.path.options, ...path };
          for (const size of sizes) {
            stream.frame(size);
            stream.clock.advance(17);
          }
          stream.path.options = { ...stream.path.options, loss: 0 };
          stream.frame(100);
          stream.clock.advance(2000);
          expect(stream.receiver.frames.map(({ bytes }) => bytes)).toEqual(stream.sent);
        },
      ),
      { numRuns: 60 },
    );
  });
});
