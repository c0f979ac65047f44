import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Size } from '@vdi/protocol';
import type { EncodedFrame, VideoSource } from '../../../apps/agent/src/encode/video-source.ts';
import { loadGStreamer } from '../../../apps/agent/src/native/gstreamer.ts';
import { eventually } from '@vdi/testing/desktops';

export type Colour = readonly [red: number, green: number, blue: number];

const patienceMs = 30_000;
/** What encoding in YUV and back may change. */
const tolerance = 12;

/** Whether two colours are the same but for what encoding does to them. */
export function isAbout(colour: Colour, expected: Colour): boolean {
  return colour.every((value, index) => Math.abs(value - (expected[index] ?? 0)) <= tolerance);
}

/** A viewer of a stream: keeps every frame and can look at the last one. */
export class Recording implements Disposable {
  readonly frames: EncodedFrame[] = [];
  readonly #stop: () => void;

  constructor(source: VideoSource) {
    this.#stop = source.onFrame((frame) => this.frames.push(frame));
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  /** Resolves when `condition` holds for the frames so far. */
  async until(condition: (frames: readonly EncodedFrame[]) => boolean, what: string): Promise<void> {
    const facts = () => this.frames.map(({ size, isKeyframe }) => ({ size, isKeyframe }));
    await eventually(
      () => Promise.resolve(facts()),
      () => condition(this.frames),
      { what },
    );
  }

  /**
   * Resolves when every place shows about this colour. A frame may still show what was before a change; the one that
   * shows it is awaited, and nothing else.
   */
  async untilColour(expected: Colour, places: readonly (readonly [x: number, y: number])[]): Promise<void> {
    let looked = 0;
    for (;;) {
      await this.until((frames) => frames.length > looked, `A frame with ${expected.join(' ')}`);
      looked = this.frames.length;
      const colours = await this.#coloursAt(places);
      if (colours.every((colour) => isAbout(colour, expected))) return;
    }
  }

  /** The colour of a pixel in the last frame, decoded by FFmpeg's H.264 decoder. */
  async colourAt(x: number, y: number): Promise<Colour> {
    const [colour] = await this.#coloursAt([[x, y]]);
    return colour ?? [-1, -1, -1];
  }

  async #coloursAt(places: readonly (readonly [x: number, y: number])[]): Promise<readonly Colour[]> {
    const { image, size } = await this.#lastImage();
    // GStreamer pads rows of RGB to four bytes.
    return places.map(([x, y]) => {
      const at = y * ((size.width * 3 + 3) & ~3) + x * 3;
      return [image[at] ?? -1, image[at + 1] ?? -1, image[at + 2] ?? -1];
    });
  }

  async #lastImage(): Promise<{ readonly image: Buffer; readonly size: Size }> {
    const lastKeyframe = this.frames.findLastIndex(({ isKeyframe }) => isKeyframe);
    const picture = this.frames.slice(lastKeyframe);
    const size = picture.at(-1)?.size;
    if (!size) throw new Error('There is no frame to look at.');
    const images = await decode(picture.map(({ data }) => data));
    if (images.length !== picture.length) throw new Error(`${picture.length} frames gave ${images.length} images.`);
    return { image: images.at(-1) ?? Buffer.alloc(0), size };
  }
}

async function decode(frames: readonly Buffer[]): Promise<Buffer[]> {
  const directory = await mkdtemp(join(tmpdir(), 'vdi-recording-'));
  const file = join(directory, 'stream.h264');
  await writeFile(file, Buffer.concat(frames));
  const gstreamer = await loadGStreamer();
  const pipeline = gstreamer.launch(
    `filesrc location=${file} ! h264parse ! avdec_h264 ! videoconvert ! video/x-raw,format=RGB ! appsink name=sink sync=false`,
  );
  const sink = gstreamer.element(pipeline, 'sink');
  try {
    await gstreamer.play(pipeline);
    const images: Buffer[] = [];
    // Nothing more comes at the end of the file, which is told at once.
    for (let image = await gstreamer.pull(sink, patienceMs); image; image = await gstreamer.pull(sink, patienceMs))
      images.push(image);
    return images;
  } finally {
    await gstreamer.stop(pipeline);
    for (const object of [sink, pipeline]) gstreamer.release(object);
    await rm(directory, { recursive: true, force: true });
  }
}
