import type { Size } from '@vdi/protocol';
import type { GStreamer } from '../native/gstreamer.ts';
import type { Pointer } from '../native/shared-library.ts';
import type { EncoderCandidate } from './encoder-candidate.ts';

/** An encoder stopped giving frames. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError';
  readonly code = 'encoder-failed';
}

/** One running encoder for pictures of one size: a picture in, a frame out, one at a time. */
export interface EncoderPipeline extends AsyncDisposable {
  readonly candidate: EncoderCandidate;
  readonly size: Size;
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
  candidate: EncoderCandidate,
  size: Size,
): Promise<EncoderPipeline> {
  const pipeline = gstreamer.launch(describePipeline(candidate, size));
  const [source, encoder, sink] = (['source', 'encoder', 'sink'] as const).map((name) =>
    gstreamer.element(pipeline, name),
  ) as [Pointer, Pointer, Pointer];
  const dispose = async (): Promise<void> => {
    await gstreamer.stop(pipeline);
    for (const object of [source, encoder, sink, pipeline]) gstreamer.release(object);
  };
  try {
    await gstreamer.play(pipeline);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    candidate,
    size,
    encode: async (address, bytes) => {
      gstreamer.push(source, address, bytes);
      for (let waitedMs = 0; waitedMs < silenceMs; waitedMs += pollMs) {
        const frame = await gstreamer.pull(sink, pollMs);
        if (frame) return frame;
        const error = gstreamer.takeError(pipeline);
        if (error !== undefined) throw new EncoderError(`${candidate.element} failed: ${error}`);
      }
      throw new EncoderError(`${candidate.element} gave no frame within ${silenceMs} ms.`);
    },
    forceKeyframe: () => gstreamer.forceKeyframe(encoder),
    setBitrate: (bitsPerSecond) => {
      const { property, unit } = candidate.bitrate;
      gstreamer.setProperty(encoder, property, String(Math.max(1, Math.round(bitsPerSecond / unit))));
    },
    [Symbol.asyncDispose]: dispose,
  };
}

function describePipeline({ format, pipeline }: EncoderCandidate, { width, height }: Size): string {
  // bt601 because libyuv converts so; the encoder writes it into the stream, and browsers follow it.
  const caps = `video/x-raw,format=${format},width=${width},height=${height},framerate=60/1,colorimetry=bt601`;
  return [
    `appsrc name=source is-live=true format=time do-timestamp=true caps=${caps}`,
    pipeline,
    'appsink name=sink sync=false',
  ].join(' ! ');
}
