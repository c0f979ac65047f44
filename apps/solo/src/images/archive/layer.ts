import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Header, pack, type Pack } from 'tar-stream';
import { fileDigest } from '../recipe/fingerprint.ts';
import { completeTree, type ImageFile } from '../files/image-file.ts';

/** A tar file that is one layer of an image. */
export interface Layer {
  readonly path: string;
  /** Of the tar, in hexadecimal: the "DiffID" of the OCI image specification, without its `sha256:`. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** Writes files as a layer. The same files make the same bytes: nothing of the clock or of the builder's file system gets in. */
export async function writeLayer(path: string, files: readonly ImageFile[]): Promise<Layer> {
  const tar = pack();
  const [layer] = await Promise.all([
    saveLayer(path, Readable.from(tar, { objectMode: false })),
    packFiles(tar, completeTree(files)),
  ]);
  return layer;
}

/** Saves a tar stream as a layer; the file appears when it is complete. */
export async function saveLayer(path: string, tar: Readable): Promise<Layer> {
  const draft = `${path}.new`;
  const hash = createHash('sha256');
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  await pipeline(tar, count, createWriteStream(draft));
  await rename(draft, path);
  return { path, digest: hash.digest('hex'), size: (await stat(path)).size };
}

/** Of a layer that some other program wrote. */
export async function measureLayer(path: string): Promise<Layer> {
  return { path, digest: await fileDigest(path), size: (await stat(path)).size };
}

async function packFiles(tar: Pack, files: readonly ImageFile[]): Promise<void> {
  for (const file of files) await packFile(tar, file);
  tar.finalize();
}

async function packFile(tar: Pack, { path, mode, content }: ImageFile): Promise<void> {
  const shared = { name: path, mode, uid: 0, gid: 0, mtime: new Date(0) };
  switch (content.kind) {
    case 'directory':
      return await packEntry(tar, { ...shared, type: 'directory' });
    case 'link':
      return await packEntry(tar, { ...shared, type: 'symlink', linkname: content.target });
    case 'copy': {
      const { size } = await stat(content.from);
      const entry = tar.entry({ ...shared, type: 'file', size });
      return await pipeline(createReadStream(content.from), entry);
    }
  }
}

function packEntry(tar: Pack, header: Partial<Header> & Pick<Header, 'name'>): Promise<void> {
  return new Promise((resolve, reject) => {
    tar.entry(header, (error) => (error === null || error === undefined ? resolve() : reject(error)));
  });
}
