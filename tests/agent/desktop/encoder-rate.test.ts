import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { encoderCandidates } from '../../../apps/agent/src/encode/encoder-candidate.ts';
import { type EncoderPipeline, startEncoderPipeline } from '../../../apps/agent/src/encode/encoder-pipeline.ts';
import { loadGStreamer } from '../../../apps/agent/src/native/gstreamer.ts';

const size = { width: 640, height: 480 };
const pictureBytes = (size.width * size.height * 3) / 2;
const frameMs = 16;
const lookMs = 1200;
const tile = 8;
const tilesPerFrame = 500;
const target = { high: 2_400_000, low: 800_000 };

/** A picture of grey tiles of which many change with every frame, each time to other greys: more than the bit rates below allow. */
class FlickeringTiles implements Disposable {
  readonly #memory: unknown = koffi.alloc('uint8_t', pictureBytes);
  readonly address = koffi.address(this.#memory);
  readonly #pixels = new Uint8Array(koffi.view(this.#memory, pictureBytes));
  #random = 1;

  constructor() {
    this.#pixels.fill(128);
  }

  flicker(): void {
    for (let change = 0; change < tilesPerFrame; change += 1) {
      const column = this.#next(size.width / tile) * tile;
      const row = this.#next(size.height / tile) * tile;
      const grey = 40 + this.#next(170);
      for (let line = 0; line < tile; line += 1) {
        const at = (row + line) * size.width + column;
        this.#pixels.fill(grey, at, at + tile);
      }
    }
  }

  /** A repeatable sequence (Park and Miller): the same picture in every run. */
  #next(below: number): number {
    this.#random = (this.#random * 48_271) % 2_147_483_647;
    return this.#random % below;
  }

  [Symbol.dispose](): void {
    koffi.free(this.#memory);
  }
}

describe.each([...encoderCandidates('h264', 'software'), ...encoderCandidates('vp8', 'software')])(
  'with a bounded rate, $element',
  (candidate) => {
    it('keeps to the bit rate it is given, also when that changes under way', async () => {
      using picture = new FlickeringTiles();
      await using pipeline = await startEncoderPipeline(
        await loadGStreamer(),
        { candidate, size, mode: 'bounded' },
        target.high,
      );
      await bitsPerSecond(pipeline, picture); // the first keyframe and what it takes to recover from it
      const high = await bitsPerSecond(pipeline, picture);
      pipeline.setBitrate(target.low);
      await bitsPerSecond(pipeline, picture);
      const low = await bitsPerSecond(pipeline, picture);
      expect(high).toBeLessThan(target.high * 1.5);
      expect(low).toBeLessThan(target.low * 1.5);
      expect(low).toBeLessThan(high * 0.75);
    });
  },
);

/** Encodes at sixty frames a second for a while: an encoder counts time, not frames. */
async function bitsPerSecond(pipeline: EncoderPipeline, picture: FlickeringTiles): Promise<number> {
  const startedAt = performance.now();
  let bits = 0;
  for (let frame = 1; frame * frameMs < lookMs; frame += 1) {
    picture.flicker();
    bits += (await pipeline.encode(picture.address, pictureBytes)).length * 8;
    const waitMs = startedAt + frame * frameMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
  return (bits * 1000) / (performance.now() - startedAt);
}
