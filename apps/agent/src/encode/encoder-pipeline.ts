import type { Size } from '@vdi/protocol';
import type { GStreamer } from '../native/gstreamer.ts';
import type { Pointer } from '../native/shared-library.ts';
import type { EncoderCandidate } from './encoder-candidate.ts';
import type { RateMode } from './rate-mode.ts';

/** An encoder stopped giving frames. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError';
  readonly code = 'encoder-failed';
}

export interface EncoderSettings {
  readonly candidate: EncoderCandidate;
  readonly size: Size;
  readonly mode: RateMode;
}

/** One running encoder for pictures of one size: a picture in, a frame out, one at a time. */
export interface EncoderPipeline extends AsyncDisposable {
  readonly settings: EncoderSettings;
  /**
   * Encodes the picture at `address`, whose memory must not change until this resolves.
   * @throws EncoderError when the encoder fails or stays silent; the pipeline is of no more use then
   */
  encode(address: Pointer, bytes: number): Promise<Buffer>;
  /** Makes the next frame a keyframe. The first always is one. */
  forceKeyframe(): void;
  setBitrate(bitsPerSecond: number): void;
}

/** Frames of 4K in software take a tenth of a second on a busy machine; an encoder silent for this long is broken. */
const silenceMs = 3000;
const pollMs = 250;

/** Starts an encoder. @throws GStreamerError when it is not installed, lacks a property or finds no device */
export async function startEncoderPipeline(
  gstreamer: GStreamer,
  settings: EncoderSettings,
  bitsPerSecond: number,
): Promise<EncoderPipeline> {
  const { candidate } = settings;
  const pipeline = gstreamer.launch(describePipeline(settings));
  const [source, encoder, sink] = (['source', 'encoder', 'sink'] as const).map((name) =>
    gstreamer.element(pipeline, name),
  ) as [Pointer, Pointer, Pointer];
  let inFlight: Promise<Buffer | undefined> = Promise.resolve(undefined);
  const dispose = async (): Promise<void> => {
    await inFlight.catch(() => undefined); // its caller has the error; here only its end matters
    await gstreamer.stop(pipeline);
    for (const object of [source, encoder, sink, pipeline]) gstreamer.release(object);
  };
  const encode = async (address: Pointer, bytes: number): Promise<Buffer> => {
    gstreamer.push(source, address, bytes);
    for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += pollMs) {
      const frame = await gstreamer.pull(sink, pollMs);
      if (frame) return frame;
      const error = gstreamer.takeError(pipeline);
      if (error !== undefined) throw new EncoderError(`${candidate.element} failed: ${error}`);
    }
    throw new EncoderError(`${candidate.element} gave no frame within ${silenceMs} ms.`);
  };
  const setBitrate = (bits: number): void => {
    const { property, unit } = candidate.bitrate;
    gstreamer.setProperty(encoder, property, String(Math.max(1, Math.round(bits / unit))));
  };
  setBitrate(bitsPerSecond);
  try {
    await gstreamer.play(pipeline);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    settings,
    encode: (address, bytes) => {
      const frame = encode(address, bytes);
      inFlight = frame;
      return frame;
    },
    forceKeyframe: () => gstreamer.forceKeyframe(encoder),
    setBitrate,
    [Symbol.asyncDispose]: dispose,
  };
}

function describePipeline({ candidate, size: { width, height }, mode }: EncoderSettings): string {
  // bt601 because libyuv converts so; the encoder writes it into the stream, and browsers follow it.
  const caps = `video/x-raw,format=${candidate.format},width=${width},height=${height},framerate=60/1,colorimetry=bt601`;
  return [
    `appsrc name=source is-live=true format=time do-timestamp=true caps=${caps}`,
    candidate.describe(mode),
    'appsink name=sink sync=false',
  ].join(' ! ');
}
