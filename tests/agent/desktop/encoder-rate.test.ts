import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { type EncoderCandidate, encoderCandidates } from '../../../apps/agent/src/encode/encoder-candidate.ts';
import { type EncoderPipeline, startEncoderPipeline } from '../../../apps/agent/src/encode/encoder-pipeline.ts';
import { loadGStreamer } from '../../../apps/agent/src/native/gstreamer.ts';

const size = { width: 320, height: 240 };
const pictureBytes = (size.width * size.height * 3) / 2;
const framesPerSecond = 60;
const framesPerLook = 60;
const tile = 8;
/** Detail that is costly to keep and cheap to lose: it gives every encoder room on both sides of the rates below. */
const grain = 40;
const tilesPerFrame = 80;
const target = { high: 600_000, low: 200_000 };

/** A picture of grainy tiles of which many change with every frame, each time to other greys: more than the bit rates below allow. */
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
      for (let pixel = 0; pixel < tile * tile; pixel += 1) {
        const at = (row + Math.floor(pixel / tile)) * size.width + column + (pixel % tile);
        this.#pixels[at] = grey + this.#next(grain);
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

/** Stamps every picture by the bytes before it: sixty in a second of the stream, however long this machine takes for them. */
function steady(candidate: EncoderCandidate): EncoderCandidate {
  const pace = `identity datarate=${pictureBytes * framesPerSecond}`;
  return { ...candidate, describe: (mode) => `${pace} ! ${candidate.describe(mode)}` };
}

describe.each([...encoderCandidates('h264', 'software'), ...encoderCandidates('vp8', 'software')])(
  'with a bounded rate, $element',
  (candidate) => {
    it('keeps to the bit rate it is given, also when that changes under way', async () => {
      using picture = new FlickeringTiles();
      await using pipeline = await startEncoderPipeline(
        await loadGStreamer(),
        { candidate: steady(candidate), size, mode: 'bounded' },
        target.high,
      );
      await bitsPerSecond(pipeline, picture); // the first keyframe and what it takes to recover from it
      const high = await bitsPerSecond(pipeline, picture);
      pipeline.setBitrate(target.low);
      await bitsPerSecond(pipeline, picture);
      const low = await bitsPerSecond(pipeline, picture);
      expect(high).toBeLessThan(target.high * 1.2);
      expect(low).toBeLessThan(target.low * 1.2);
      expect(high).toBeGreaterThan(target.high * 0.8);
      expect(low).toBeGreaterThan(target.low * 0.8);
    });
  },
);

/** Encodes for a second of the stream. */
async function bitsPerSecond(pipeline: EncoderPipeline, picture: FlickeringTiles): Promise<number> {
  let bits = 0;
  for (let frame = 0; frame < framesPerLook; frame += 1) {
    picture.flicker();
    bits += (await pipeline.encode(picture.address, pictureBytes)).length * 8;
  }
  return (bits * framesPerSecond) / framesPerLook;
}
