import type { Size } from '@vdi/protocol';

export type Codec = 'h264' | 'vp8';

export interface EncodedFrame {
  /** H.264: one Annex B access unit, constrained baseline, SPS and PPS before every IDR. VP8: one frame. */
  readonly data: Buffer;
  readonly isKeyframe: boolean;
  /** Milliseconds of `performance.now()` at which the screen was read. */
  readonly capturedAt: number;
  readonly size: Size;
}

/** What congestion control allows. */
export interface VideoTarget {
  readonly bitsPerSecond: number;
  readonly framesPerSecond: number;
}

/** The screen as one encoded stream, shared by everybody who listens. */
export interface VideoSource extends AsyncDisposable {
  readonly codec: Codec;
  /** GStreamer's name of the element that encodes; it changes when one fails and the next takes over. */
  readonly encoder: string;
  readonly framesEncoded: number;
  /** Settles when no encoder is left; there will be no further frame. */
  readonly failed: Promise<Error>;
  /** Capture runs only while somebody listens. A new listener gets a keyframe first. The result ends it. */
  onFrame(listener: (frame: EncodedFrame) => void): () => void;
  /** For PLI and FIR; many requests close to each other make one keyframe. */
  requestKeyframe(): void;
  setTarget(target: VideoTarget): void;
}
