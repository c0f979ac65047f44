import type { ViewerSnapshot } from '../viewer-snapshot.ts';
import type { StreamReading, StreamStatistics } from './stream-statistics.ts';

export type StatisticsRow = readonly [label: string, value: string];

const unknown = '–';

/** The lines of the statistics panel. */
export function statisticsRows(
  reading: StreamReading | undefined,
  statistics: StreamStatistics | undefined,
  { stream, roundTripMs }: Pick<ViewerSnapshot, 'stream' | 'roundTripMs'>,
): readonly StatisticsRow[] {
  return [
    ...pictureRows(reading, statistics),
    ...pathRows(reading, statistics, roundTripMs),
    ...partRows(reading, stream),
  ];
}

function pictureRows(
  reading: StreamReading | undefined,
  statistics: StreamStatistics | undefined,
): readonly StatisticsRow[] {
  return [
    ['Frames', statistics ? `${Math.round(statistics.framesPerSecond)} fps` : unknown],
    ['Bit rate', bitRate(statistics?.bitsPerSecond)],
    ['Size', reading?.width && reading.height ? `${reading.width} × ${reading.height}` : unknown],
    ['Jitter buffer', milliseconds(statistics?.jitterBufferMs)],
    ['Decode', milliseconds(statistics?.decodeMs)],
    ['Dropped', statistics ? `${statistics.framesDropped} frames` : unknown],
  ];
}

function pathRows(
  reading: StreamReading | undefined,
  statistics: StreamStatistics | undefined,
  roundTripMs: number | undefined,
): readonly StatisticsRow[] {
  const pathMs = reading?.pathRoundTrip === undefined ? undefined : reading.pathRoundTrip * 1_000;
  return [
    ['Path', pathName(reading?.path)],
    ['Round trip', milliseconds(roundTripMs ?? pathMs)],
    ['Loss', statistics?.lossShare === undefined ? unknown : `${(statistics.lossShare * 100).toFixed(1)} %`],
  ];
}

function partRows(reading: StreamReading | undefined, stream: ViewerSnapshot['stream']): readonly StatisticsRow[] {
  return [
    ['Codec', reading?.codec ?? stream?.codec ?? unknown],
    ['Encoder', stream?.encoder ?? unknown],
    ['Decoder', reading?.decoder ?? unknown],
  ];
}

function milliseconds(value: number | undefined): string {
  if (value === undefined) return unknown;
  return value < 10 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}

function bitRate(bitsPerSecond: number | undefined): string {
  if (bitsPerSecond === undefined) return unknown;
  if (bitsPerSecond >= 1_000_000) return `${(bitsPerSecond / 1_000_000).toFixed(1)} Mbit/s`;
  return `${Math.round(bitsPerSecond / 1_000)} kbit/s`;
}

function pathName(path: string | undefined): string {
  switch (path) {
    case undefined:
      return unknown;
    case 'relay':
      return 'relayed (TURN)';
    default:
      return 'direct';
  }
}
