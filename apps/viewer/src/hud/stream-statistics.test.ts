import { describe, expect, it } from 'vitest';
import { statisticsRows } from './statistics-rows.ts';
import { type StreamReading, streamReading, streamStatistics } from './stream-statistics.ts';

const aReport = new Map<string, unknown>([
  ['T', { type: 'transport', selectedCandidatePairId: 'P2' }],
  ['P1', { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 9 }],
  [
    'P2',
    { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.004, localCandidateId: 'L' },
  ],
  ['L', { type: 'local-candidate', candidateType: 'relay' }],
  ['C', { type: 'codec', mimeType: 'video/H264' }],
  ['A', { type: 'inbound-rtp', kind: 'audio', bytesReceived: 5 }],
  [
    'V',
    { type: 'inbound-rtp', kind: 'video', timestamp: 1_000, codecId: 'C', framesDecoded: 60, bytesReceived: 9_000 },
  ],
]);

const aReading = (part: Partial<StreamReading> = {}): StreamReading => ({
  at: 0,
  framesDecoded: 0,
  framesDropped: 0,
  bytesReceived: 0,
  packetsReceived: 0,
  packetsLost: 0,
  decodeTime: 0,
  jitterBufferDelay: 0,
  jitterBufferEmitted: 0,
  pathRoundTrip: undefined,
  width: undefined,
  height: undefined,
  codec: undefined,
  decoder: undefined,
  path: undefined,
  ...part,
});

describe('streamReading', () => {
  it('finds the video, its codec, and the path in use', () => {
    expect(streamReading(aReport)).toMatchObject({
      at: 1_000,
      framesDecoded: 60,
      bytesReceived: 9_000,
      codec: 'H264',
      path: 'relay',
      pathRoundTrip: 0.004,
    });
  });

  it('is undefined before there is a video', () => {
    expect(streamReading(new Map([['T', { type: 'transport' }]]))).toBeUndefined();
  });
});

describe('streamStatistics', () => {
  it('makes rates of counters', () => {
    const now = aReading({
      at: 2_000,
      framesDecoded: 120,
      framesDropped: 3,
      bytesReceived: 1_000_000,
      packetsReceived: 990,
      packetsLost: 10,
      decodeTime: 0.24,
      jitterBufferDelay: 0.6,
      jitterBufferEmitted: 120,
    });
    expect(streamStatistics(aReading(), now)).toEqual({
      framesPerSecond: 60,
      bitsPerSecond: 4_000_000,
      decodeMs: 2,
      jitterBufferMs: 5,
      lossShare: 0.01,
      framesDropped: 3,
    });
  });

  it('leaves out what a still screen does not tell', () => {
    expect(streamStatistics(aReading(), aReading({ at: 1_000 }))).toMatchObject({
      framesPerSecond: 0,
      decodeMs: undefined,
      lossShare: undefined,
    });
  });

  it('compares nothing across two connections', () => {
    expect(streamStatistics(aReading({ bytesReceived: 10 }), aReading({ at: 1_000 }))).toBeUndefined();
    expect(streamStatistics(aReading(), aReading())).toBeUndefined();
  });
});

describe('statisticsRows', () => {
  const rows = (...args: Parameters<typeof statisticsRows>): Record<string, string> =>
    Object.fromEntries(statisticsRows(...args));

  it('shows dashes before there is anything to show', () => {
    expect(new Set(Object.values(rows(undefined, undefined, {})))).toEqual(new Set(['–']));
  });

  it('names encoder, codec and path, and prefers the round trip that includes the agent', () => {
    const stream = { type: 'stream', encoder: 'x264enc', codec: 'h264' } as const;
    expect(rows(streamReading(aReport), undefined, { stream, roundTripMs: 12.4 })).toMatchObject({
      Encoder: 'x264enc',
      Codec: 'H264',
      Path: 'relayed (TURN)',
      'Round trip': '12 ms',
    });
  });
});
