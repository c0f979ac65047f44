import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Picture, PictureConsumer } from '../capture/picture.ts';
import type { ScreenCapture } from '../capture/screen-capture.ts';
import type { Clock } from '../display/clock.ts';
import { sameSize } from '../display/screen-size.ts';
import type { GStreamer } from '../native/gstreamer.ts';
import { isKeyframe } from './bitstream.ts';
import type { EncoderCandidate } from './encoder-candidate.ts';
import { EncoderError, startEncoderPipeline, type EncoderPipeline } from './encoder-pipeline.ts';
import type { Codec, EncodedFrame, VideoSource, VideoTarget } from './video-source.ts';

export interface VideoSourceOptions {
  readonly codec: Codec;
  readonly gstreamer: GStreamer;
  readonly capture: ScreenCapture;
  /** The encoder to begin with, and those to fall back to, best first. */
  readonly candidates: readonly [EncoderCandidate, ...EncoderCandidate[]];
  readonly clock: Clock;
  readonly log: Logger;
}

interface Listener {
  readonly receive: (frame: EncodedFrame) => void;
  hasKeyframe: boolean;
}

/** A keyframe is large; a receiver that asks again has most likely not got the last one yet. */
const keyframeIntervalMs = 250;

export function openVideoSource(options: VideoSourceOptions): VideoSource {
  const { codec, capture, clock, log } = options;
  const listeners = new Set<Listener>();
  const failure = Promise.withResolvers<Error>();
  const [first, ...others] = options.candidates;
  const spare = [...others];
  let candidate = first;
  let pipeline: EncoderPipeline | undefined;
  let target: VideoTarget | undefined;
  let framesEncoded = 0;
  let hasFailed = false;
  let wantsKeyframe = true;
  let keyframeAtMs = -Infinity;
  let cancelRequest: (() => void) | undefined;
  let detach: (() => void) | undefined;

  const pipelineFor = async (size: Size): Promise<EncoderPipeline> => {
    if (pipeline && sameSize(pipeline.size, size)) return pipeline;
    await pipeline?.[Symbol.asyncDispose]();
    pipeline = undefined;
    pipeline = await startEncoderPipeline(options.gstreamer, candidate, size);
    if (target) pipeline.setBitrate(target.bitsPerSecond);
    return pipeline;
  };

  const encode = async (picture: Picture): Promise<Buffer> => {
    const running = await pipelineFor(picture.size);
    if (wantsKeyframe) running.forceKeyframe();
    const data = await running.encode(picture.address, picture.bytes);
    framesEncoded += 1;
    return data;
  };

  /** Goes on with the next encoder in line. @returns whether there is one */
  const swapEncoder = async (error: unknown): Promise<boolean> => {
    const broken = pipeline;
    pipeline = undefined;
    await broken?.[Symbol.asyncDispose]();
    const next = spare.shift();
    log.error({ err: error, encoder: candidate.element, next: next?.element }, 'Encoder failed');
    if (next === undefined) return false;
    candidate = next;
    wantsKeyframe = true;
    return true;
  };

  const deliver = (frame: EncodedFrame): void => {
    for (const listener of listeners) {
      listener.hasKeyframe ||= frame.isKeyframe;
      if (listener.hasKeyframe) listener.receive(frame);
    }
  };

  const consumer: PictureConsumer = {
    get format() {
      return candidate.format;
    },
    async consume(picture) {
      if (hasFailed) return;
      try {
        const data = await encode(picture);
        const frame = { data, isKeyframe: isKeyframe(codec, data), capturedAt: picture.capturedAt, size: picture.size };
        if (frame.isKeyframe) {
          wantsKeyframe = false;
          keyframeAtMs = clock.nowMs();
        }
        deliver(frame);
      } catch (error) {
        if (await swapEncoder(error)) return capture.demandFrame();
        hasFailed = true;
        failure.resolve(new EncoderError('No encoder is left that works.', { cause: error }));
      }
    },
  };

  const requestKeyframe = (): void => {
    if (listeners.size === 0 || cancelRequest) return;
    const waitMs = keyframeAtMs + keyframeIntervalMs - clock.nowMs();
    const ask = (): void => {
      cancelRequest = undefined;
      wantsKeyframe = true;
      capture.demandFrame();
    };
    if (waitMs <= 0) ask();
    else cancelRequest = clock.after(waitMs, ask);
  };

  const end = (listener: Listener): void => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    cancelRequest?.();
    cancelRequest = undefined;
    detach?.();
    detach = undefined;
  };

  return {
    codec,
    get encoder() {
      return candidate.element;
    },
    get framesEncoded() {
      return framesEncoded;
    },
    failed: failure.promise,
    onFrame(receive) {
      const listener: Listener = { receive, hasKeyframe: false };
      listeners.add(listener);
      detach ??= capture.attach(consumer);
      requestKeyframe();
      return () => end(listener);
    },
    requestKeyframe,
    setTarget(next) {
      target = next;
      capture.setFrameRate(next.framesPerSecond);
      pipeline?.setBitrate(next.bitsPerSecond);
    },
    [Symbol.asyncDispose]: async () => {
      for (const listener of listeners) end(listener);
      await pipeline?.[Symbol.asyncDispose]();
      pipeline = undefined;
    },
  };
}
