import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { isMissing } from './engine-error.ts';
import { tinyProgram } from './tiny-program.ts';

/** Makes sure that the image is there whose container holds a pod's namespaces, and returns its name. */
export async function ensurePauseImage(docker: Docker): Promise<string> {
  const program = tinyProgram('pause');
  const name = `localhost/vdi/pause:${createHash('sha256').update(program).digest('hex').slice(0, 12)}`;
  try {
    await docker.getImage(name).inspect();
    return name;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const archive = Readable.from([tarOf('pause', program)]);
  // Read to its end, else the engine takes the import for given up.
  await text(await docker.importImage(archive, { repo: name, changes: ['ENTRYPOINT ["/pause"]'] }));
  return name;
}

const blockBytes = 512;

/** A tar archive (POSIX ustar) of one executable file. */
function tarOf(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(blockBytes);
  header.write(name, 0);
  header.write('0000755', 100);
  header.write('0000000', 108);
  header.write('0000000', 116);
  header.write(content.length.toString(8).padStart(11, '0'), 124);
  header.write('00000000000', 136);
  header.write('        ', 148);
  header.write('0', 156);
  header.write('ustar\u000000', 257);
  const checksum = header.reduce((sum, byte) => sum + byte, 0);
  header.write(`${checksum.toString(8).padStart(6, '0')}\u0000 `, 148);
  const padding = Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes);
  return Buffer.concat([header, content, padding, Buffer.alloc(2 * blockBytes)]);
}
