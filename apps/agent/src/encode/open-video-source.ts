import type { Logger } from '@vdi/telemetry';
import type { Picture, PictureConsumer } from '../capture/picture.ts';
import type { ScreenCapture } from '../capture/screen-capture.ts';
import type { Clock } from '../clock.ts';
import { isKeyframe } from './bitstream.ts';
import { EncoderLine, type EncoderLineOptions } from './encoder-line.ts';
import { createKeyframeRequests, type KeyframeRequests } from './keyframe-requests.ts';
import { createRateModeChooser } from './rate-mode.ts';
import type { Codec, EncodedFrame, VideoSource, VideoTarget } from './video-source.ts';

export interface VideoSourceOptions extends EncoderLineOptions {
  readonly codec: Codec;
  readonly capture: ScreenCapture;
  readonly clock: Clock;
}

interface Listener {
  readonly receive: (frame: EncodedFrame) => void;
  hasKeyframe: boolean;
}

export function openVideoSource(options: VideoSourceOptions): VideoSource {
  return new SharedVideoSource(options);
}

class SharedVideoSource implements VideoSource, PictureConsumer {
  readonly codec: Codec;
  readonly failed: Promise<Error>;
  readonly #capture: ScreenCapture;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #line: EncoderLine;
  readonly #rate = createRateModeChooser();
  readonly #keyframes: KeyframeRequests;
  readonly #listeners = new Set<Listener>();
  readonly #failure = Promise.withResolvers<Error>();
  #framesEncoded = 0;
  #hasFailed = false;
  #detach: (() => void) | undefined;

  constructor(options: VideoSourceOptions) {
    this.codec = options.codec;
    this.failed = this.#failure.promise;
    this.#capture = options.capture;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#line = new EncoderLine(options);
    this.#keyframes = createKeyframeRequests(options.clock, () => this.#capture.demandFrame());
  }

  get encoder() {
    return this.#line.element;
  }

  get framesEncoded() {
    return this.#framesEncoded;
  }

  get format() {
    return this.#line.format;
  }

  /** Constant quality has nothing to add to a screen at rest. */
  get wantsRefinement() {
    return this.#line.modeFor(this.#rate.mode) === 'bounded';
  }

  onFrame(receive: (frame: EncodedFrame) => void): () => void {
    const listener: Listener = { receive, hasKeyframe: false };
    this.#listeners.add(listener);
    this.#keyframes.request(); // before capture begins, so that its first frame is the keyframe
    this.#detach ??= this.#capture.attach(this);
    return () => this.#end(listener);
  }

  requestKeyframe(): void {
    if (this.#listeners.size > 0) this.#keyframes.request();
  }

  setTarget(target: VideoTarget): void {
    this.#rate.setTarget(target);
    this.#capture.setFrameRate(target.framesPerSecond);
  }

  async consume(picture: Picture): Promise<void> {
    if (this.#hasFailed) return;
    try {
      if (picture.purpose === 'sign-of-life') this.#rate.rested(this.#clock.nowMs());
      const { mode, target } = this.#rate;
      const request = { isKeyframe: this.#keyframes.isDue, mode, bitsPerSecond: target.bitsPerSecond };
      const data = await this.#line.encode(picture, request);
      if (data) this.#deliver(data, picture);
      else this.#capture.demandFrame();
    } catch (error) {
      this.#hasFailed = true;
      this.#failure.resolve(error as Error);
    }
  }

  #deliver(data: Buffer, { capturedAt, size }: Picture): void {
    const frame: EncodedFrame = { data, isKeyframe: isKeyframe(this.codec, data), capturedAt, size };
    this.#framesEncoded += 1;
    if (frame.isKeyframe) this.#keyframes.made();
    this.#rate.sent(data.length, frame.isKeyframe, this.#clock.nowMs());
    for (const listener of this.#listeners) {
      listener.hasKeyframe ||= frame.isKeyframe;
      if (listener.hasKeyframe) this.#tell(listener, frame);
    }
  }

  /** One listener's mistake must not stop the stream of the others. */
  #tell(listener: Listener, frame: EncodedFrame): void {
    try {
      listener.receive(frame);
    } catch (error) {
      this.#log.error({ err: error, codec: this.codec }, 'A listener failed on a frame');
    }
  }

  #end(listener: Listener): void {
    this.#listeners.delete(listener);
    if (this.#listeners.size > 0) return;
    this.#keyframes.cancel();
    this.#detach?.();
    this.#detach = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const listener of this.#listeners) this.#end(listener);
    await this.#line[Symbol.asyncDispose]();
  }
}
