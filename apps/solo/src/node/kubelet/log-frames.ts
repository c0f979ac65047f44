import { Transform } from 'node:stream';

const headerBytes = 8;

/**
 * Takes the frames of the engine's log stream apart and passes on what the container wrote, standard output and error in
 * their order: one byte for the stream, three of nothing, the length in four bytes, the text (Docker Engine API,
 * "Attach to a container", stream format).
 */
export function textOfLogFrames(): Transform {
  let rest: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const data = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      let at = 0;
      for (;;) {
        if (data.length - at < headerBytes) break;
        const end = at + headerBytes + data.readUInt32BE(at + 4);
        if (data.length < end) break;
        this.push(data.subarray(at + headerBytes, end));
        at = end;
      }
      rest = data.subarray(at);
      done();
    },
  });
}
