import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Picture, PixelFormat } from '../capture/picture.ts';
import { sameSize } from '../display/screen-size.ts';
import type { GStreamer } from '../native/gstreamer.ts';
import type { EncoderCandidate } from './encoder-candidate.ts';
import { EncoderError, startEncoderPipeline, type EncoderPipeline } from './encoder-pipeline.ts';
import type { RateMode } from './rate-mode.ts';

export interface EncoderLineOptions {
  readonly gstreamer: GStreamer;
  /** The encoder to begin with, and those to fall back to, best first. */
  readonly candidates: readonly [EncoderCandidate, ...EncoderCandidate[]];
  readonly log: Logger;
}

/** What the next frame is to be. */
export interface EncodeRequest {
  readonly isKeyframe: boolean;
  readonly mode: RateMode;
  readonly bitsPerSecond: number;
}

/**
 * An encoder and the ones behind it: a pipeline for the present size and mode, made anew when either changes, and the next
 * candidate when the present one breaks. A pipeline's first frame is a keyframe, so receivers need to know of none of this.
 */
export class EncoderLine implements AsyncDisposable {
  readonly #options: EncoderLineOptions;
  readonly #spare: EncoderCandidate[];
  #candidate: EncoderCandidate;
  #pipeline: EncoderPipeline | undefined;
  #bitsPerSecond = 0;

  constructor(options: EncoderLineOptions) {
    const [first, ...others] = options.candidates;
    this.#options = options;
    this.#candidate = first;
    this.#spare = others;
  }

  get element(): string {
    return this.#candidate.element;
  }

  /** The format in which the present encoder wants its pictures. */
  get format(): PixelFormat {
    return this.#candidate.format;
  }

  /** The mode in which a frame asked for in `mode` is encoded. */
  modeFor(mode: RateMode): RateMode {
    const { modes } = this.#candidate;
    return modes.includes(mode) ? mode : modes[0];
  }

  /**
   * @returns the frame, or `undefined` when the encoder broke and the next in line takes over with the next picture,
   *   which may have to be in another format
   * @throws EncoderError when no encoder is left
   */
  async encode(picture: Picture, request: EncodeRequest): Promise<Buffer | undefined> {
    try {
      const pipeline = await this.#pipelineFor(picture.size, request);
      if (request.bitsPerSecond !== this.#bitsPerSecond) {
        pipeline.setBitrate(request.bitsPerSecond);
        this.#bitsPerSecond = request.bitsPerSecond;
      }
      if (request.isKeyframe) pipeline.forceKeyframe();
      return await pipeline.encode(picture.address, picture.bytes);
    } catch (error) {
      await this.#advance(error);
      return undefined;
    }
  }

  async #pipelineFor(size: Size, request: EncodeRequest): Promise<EncoderPipeline> {
    const mode = this.modeFor(request.mode);
    const present = this.#pipeline?.settings;
    if (this.#pipeline && present?.mode === mode && sameSize(present.size, size)) return this.#pipeline;
    await this[Symbol.asyncDispose]();
    this.#bitsPerSecond = request.bitsPerSecond;
    const settings = { candidate: this.#candidate, size, mode };
    this.#pipeline = await startEncoderPipeline(this.#options.gstreamer, settings, request.bitsPerSecond);
    return this.#pipeline;
  }

  async #advance(error: unknown): Promise<void> {
    await this[Symbol.asyncDispose]();
    const next = this.#spare.shift();
    this.#options.log.error({ err: error, encoder: this.element, next: next?.element }, 'Encoder failed');
    if (next === undefined) throw new EncoderError('No encoder is left that works.', { cause: error });
    this.#candidate = next;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const pipeline = this.#pipeline;
    this.#pipeline = undefined;
    await pipeline?.[Symbol.asyncDispose]();
  }
}
