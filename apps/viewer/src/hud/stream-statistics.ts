/** One reading of the numbers that rates are computed from. All counters run from the beginning of the connection. */
export interface StreamReading {
  /** Milliseconds. */
  readonly at: number;
  readonly framesDecoded: number;
  readonly framesDropped: number;
  readonly bytesReceived: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  /** Seconds. */
  readonly decodeTime: number;
  /** Seconds that frames have spent in the jitter buffer, together. */
  readonly jitterBufferDelay: number;
  readonly jitterBufferEmitted: number;
  /** Seconds; undefined before the first check of the path. */
  readonly pathRoundTrip: number | undefined;
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Such as `H264`. */
  readonly codec: string | undefined;
  readonly decoder: string | undefined;
  /** `host`, `srflx`, `prflx` or `relay`: how this end reaches the other. */
  readonly path: string | undefined;
}

/** What happened between two readings. A field is undefined where there is nothing to compute it from. */
export interface StreamStatistics {
  readonly framesPerSecond: number;
  readonly bitsPerSecond: number;
  readonly decodeMs: number | undefined;
  readonly jitterBufferMs: number | undefined;
  /** 0 to 1. */
  readonly lossShare: number | undefined;
  readonly framesDropped: number;
}

type Entry = Readonly<Record<string, unknown>>;

/** Finds the video's numbers in a report of `RTCPeerConnection.getStats` (W3C webrtc-stats); undefined before there are any. */
export function streamReading(report: Iterable<readonly [string, unknown]>): StreamReading | undefined {
  const entries = new Map([...report].map(([id, entry]) => [id, entry as Entry]));
  const video = [...entries.values()].find((entry) => entry['type'] === 'inbound-rtp' && entry['kind'] === 'video');
  if (!video) return undefined;
  const pair = selectedPair(entries);
  const codec = text(entries.get(text(video['codecId']) ?? '')?.['mimeType']);
  return {
    at: number(video['timestamp']) ?? 0,
    framesDecoded: number(video['framesDecoded']) ?? 0,
    framesDropped: number(video['framesDropped']) ?? 0,
    bytesReceived: number(video['bytesReceived']) ?? 0,
    packetsReceived: number(video['packetsReceived']) ?? 0,
    packetsLost: number(video['packetsLost']) ?? 0,
    decodeTime: number(video['totalDecodeTime']) ?? 0,
    jitterBufferDelay: number(video['jitterBufferDelay']) ?? 0,
    jitterBufferEmitted: number(video['jitterBufferEmittedCount']) ?? 0,
    pathRoundTrip: number(pair?.['currentRoundTripTime']),
    width: number(video['frameWidth']),
    height: number(video['frameHeight']),
    codec: codec?.replace(/^video\//, ''),
    decoder: text(video['decoderImplementation']),
    path: text(entries.get(text(pair?.['localCandidateId']) ?? '')?.['candidateType']),
  };
}

/** @returns undefined when no time has passed between the readings, or they are of two connections */
export function streamStatistics(before: StreamReading, now: StreamReading): StreamStatistics | undefined {
  const seconds = (now.at - before.at) / 1_000;
  if (seconds <= 0 || now.bytesReceived < before.bytesReceived) return undefined;
  const frames = now.framesDecoded - before.framesDecoded;
  const lost = Math.max(now.packetsLost - before.packetsLost, 0);
  const sent = now.packetsReceived - before.packetsReceived + lost;
  return {
    framesPerSecond: frames / seconds,
    bitsPerSecond: ((now.bytesReceived - before.bytesReceived) * 8) / seconds,
    decodeMs: share((now.decodeTime - before.decodeTime) * 1_000, frames),
    jitterBufferMs: share(
      (now.jitterBufferDelay - before.jitterBufferDelay) * 1_000,
      now.jitterBufferEmitted - before.jitterBufferEmitted,
    ),
    lossShare: share(lost, sent),
    framesDropped: now.framesDropped - before.framesDropped,
  };
}

/** The pair of candidates in use: the transport names it; where it does not, the nominated one that carries bytes. */
function selectedPair(entries: ReadonlyMap<string, Entry>): Entry | undefined {
  for (const entry of entries.values()) {
    const id = entry['type'] === 'transport' ? text(entry['selectedCandidatePairId']) : undefined;
    if (id !== undefined) return entries.get(id);
  }
  return [...entries.values()].find(
    (entry) => entry['type'] === 'candidate-pair' && entry['nominated'] === true && entry['state'] === 'succeeded',
  );
}

function share(part: number, whole: number): number | undefined {
  return whole > 0 ? part / whole : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
