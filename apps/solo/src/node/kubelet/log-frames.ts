import { Transform } from 'node:stream';
import { FrameReader } from '../engine/engine-frames.ts';

/** Passes on what the container wrote, standard output and error in their order. */
export function textOfLogFrames(): Transform {
  const reader = new FrameReader();
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      for (const { data } of reader.read(chunk)) this.push(data);
      done();
    },
  });
}
