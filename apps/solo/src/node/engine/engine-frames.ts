/** A piece of what a program wrote. */
export interface EngineFrame {
  readonly channel: 'stdout' | 'stderr';
  readonly data: Buffer;
}

const headerBytes = 8;
const stderrType = 2;

/**
 * Takes apart the stream of a program without a terminal, wherever it is cut: one byte for the channel, three of nothing, the
 * length in four bytes, the text (Docker Engine API, "Attach to a container", stream format).
 */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The frames that are complete with this piece. */
  read(chunk: Buffer): readonly EngineFrame[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: EngineFrame[] = [];
    let at = 0;
    while (data.length - at >= headerBytes) {
      const end = at + headerBytes + data.readUInt32BE(at + 4);
      if (data.length < end) break;
      const channel = data[at] === stderrType ? 'stderr' : 'stdout';
      frames.push({ channel, data: data.subarray(at + headerBytes, end) });
      at = end;
    }
    this.#rest = data.subarray(at);
    return frames;
  }
}
