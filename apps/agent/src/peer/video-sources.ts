import type { Clock } from '../clock.ts';
import type { Desktop } from '../display/desktop.ts';
import type { Codec } from '../encode/video-source.ts';
import { Broadcast } from './broadcast.ts';

/** H.264 first: hardware encodes and decodes it. */
const preference: readonly Codec[] = ['h264', 'vp8'];

/** The encoders in use: one shared broadcast per codec, opened when first wanted. */
export class VideoSources implements AsyncDisposable {
  readonly #desktop: Desktop;
  readonly #clock: Clock;
  readonly #opening = new Map<Codec, Promise<Broadcast>>();
  readonly #open = new Map<Codec, Broadcast>();
  readonly #errors = new Map<Codec, string>();
  #firstFrameAt: Date | undefined;

  constructor(desktop: Desktop, clock: Clock) {
    this.#desktop = desktop;
    this.#clock = clock;
  }

  /** Codecs that may work, best first: not those whose encoders all failed. */
  get available(): readonly Codec[] {
    return preference.filter((codec) => !this.#errors.has(codec));
  }

  get broadcasts(): readonly Broadcast[] {
    return [...this.#open.values()];
  }

  /** Why no codec works; `undefined` while one may. */
  get error(): string | undefined {
    return this.available.length > 0 ? undefined : [...this.#errors.values()].join(' ');
  }

  /** When the first frame was handed to a connected viewer. */
  get firstFrameAt(): Date | undefined {
    return this.#firstFrameAt;
  }

  /** Opens the best codec that works, so that the first viewer need not wait for probing. */
  async warmUp(): Promise<void> {
    for (const codec of preference) {
      try {
        await this.open(codec);
        return;
      } catch {
        // The reason is kept for /status by open(); the next codec may work.
        continue;
      }
    }
  }

  /** @throws Error when no encoder for `codec` works here. */
  async open(codec: Codec): Promise<Broadcast> {
    const opening = this.#opening.get(codec) ?? this.#openAnew(codec);
    this.#opening.set(codec, opening);
    return await opening;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await Promise.allSettled(this.#opening.values());
    for (const result of opened) if (result.status === 'fulfilled') await result.value.source[Symbol.asyncDispose]();
  }

  async #openAnew(codec: Codec): Promise<Broadcast> {
    try {
      const source = await this.#desktop.openVideo(codec);
      const broadcast = new Broadcast(source, {
        clock: this.#clock,
        onFirstFrame: () => (this.#firstFrameAt ??= this.#clock.date()),
      });
      this.#open.set(codec, broadcast);
      void source.failed.then((error) => this.#forget(codec, error));
      return broadcast;
    } catch (error) {
      this.#forget(codec, error);
      throw error;
    }
  }

  #forget(codec: Codec, error: unknown): void {
    this.#errors.set(codec, error instanceof Error ? error.message : String(error));
    this.#open.delete(codec);
    this.#opening.delete(codec);
  }
}
