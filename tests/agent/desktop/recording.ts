import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Size } from '@vdi/protocol';
import type { EncodedFrame, VideoSource } from '../../../apps/agent/src/encode/video-source.ts';
import { loadGStreamer } from '../../../apps/agent/src/native/gstreamer.ts';
import { eventually } from '@vdi/testing/desktops';

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

  /** The colour of a pixel in the last frame, decoded by FFmpeg's H.264 decoder. */
  async colourAt(x: number, y: number): Promise<readonly [red: number, green: number, blue: number]> {
    const { image, size } = await this.#lastImage();
    // GStreamer pads rows of RGB to four bytes.
    const at = y * ((size.width * 3 + 3) & ~3) + x * 3;
    return [image[at] ?? -1, image[at + 1] ?? -1, image[at + 2] ?? -1];
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
    for (let image = await gstreamer.pull(sink, 2000); image; image = await gstreamer.pull(sink, 2000))
      images.push(image);
    return images;
  } finally {
    await gstreamer.stop(pipeline);
    for (const object of [sink, pipeline]) gstreamer.release(object);
    await rm(directory, { recursive: true, force: true });
  }
}
