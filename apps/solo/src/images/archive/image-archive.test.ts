import { createHash } from 'node:crypto';
import { mkdtempDisposableSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { array, assert, asyncProperty, constantFrom, record, string, uint8Array } from 'fast-check';
import { extract } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { completeTree, type ImageFile } from '../files/image-file.ts';
import type { ImageRecipe } from '../recipe/image-recipe.ts';
import { imageArchive } from './image-archive.ts';
import { writeLayer } from './layer.ts';

interface Entry {
  readonly type: string;
  readonly mode: number;
  readonly uid: number;
  readonly content: Buffer;
  readonly target: string;
}

async function readTar(tar: Iterable<Buffer> | AsyncIterable<Buffer>): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  const reader = extract({});
  const written = pipeline(Readable.from(tar, { objectMode: false }), reader);
  for await (const entry of reader) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    const { name, type, mode, uid, linkname } = entry.header;
    const content = Buffer.concat(chunks);
    entries.set(name, { type, mode: mode ?? 0, uid: uid ?? 0, content, target: linkname ?? '' });
  }
  await written;
  return entries;
}

const segment = string({ unit: constantFrom('a', 'b', '.', '-', 'ü', ' '), minLength: 1, maxLength: 60 });
const folder = array(
  segment.filter((name) => !/^\.+$/.test(name)),
  { minLength: 1, maxLength: 5 },
);

/** Names of files and of folders are kept apart by their first letter: no path is both. */
const aFile = record({ folder, name: segment, mode: constantFrom(0o644, 0o755), content: uint8Array() });

const aRecipe: ImageRecipe = {
  name: 'sample',
  summary: 'A sample',
  packages: [],
  leaveOut: [],
  keep: [],
  setup: [],
  files: [],
  programs: [],
  config: {
    user: '1000:1000',
    workingDirectory: '/',
    environment: { LANG: 'C.UTF-8' },
    entrypoint: ['/run'],
    ports: [],
  },
};

describe('a layer', () => {
  it('holds what was put into it, with the folders that lead there', async () => {
    await assert(
      asyncProperty(array(aFile, { minLength: 1, maxLength: 8 }), async (wanted) => {
        using work = mkdtempDisposableSync(join(tmpdir(), 'vdi-layer-'));
        const files = wanted.map(({ folder, name, mode, content }, index): ImageFile => {
          const from = join(work.path, String(index));
          writeFileSync(from, content);
          return {
            path: [...folder.map((part) => `d${part}`), `f${name}`].join('/'),
            mode,
            content: { kind: 'copy', from },
          };
        });
        const layer = await writeLayer(join(work.path, 'layer.tar'), files);
        const bytes = readFileSync(layer.path);
        const entries = await readTar([bytes]);

        expect([...entries.keys()].map((name) => name.replace(/\/$/, ''))).toEqual(
          completeTree(files).map(({ path }) => path),
        );
        for (const file of completeTree(files)) {
          if (file.content.kind !== 'copy') continue;
          const { content, mode, uid } = entries.get(file.path) ?? expect.unreachable(`${file.path} is missing`);
          expect([content.equals(readFileSync(file.content.from)), mode, uid]).toEqual([true, file.mode, 0]);
        }
        expect(layer.digest).toBe(createHash('sha256').update(bytes).digest('hex'));
        expect(layer.size).toBe(bytes.length);
      }),
      { numRuns: 40 },
    );
  });

  it('is the same whenever and in whatever order its files are given', async () => {
    using work = mkdtempDisposableSync(join(tmpdir(), 'vdi-layer-'));
    writeFileSync(join(work.path, 'content'), 'hello');
    const copy = { kind: 'copy', from: join(work.path, 'content') } as const;
    const files: readonly ImageFile[] = [
      { path: 'opt/b', mode: 0o644, content: copy },
      { path: 'opt/a', mode: 0o777, content: { kind: 'link', target: 'b' } },
    ];
    const first = await writeLayer(join(work.path, 'first.tar'), files);
    const second = await writeLayer(join(work.path, 'second.tar'), [...files].reverse());
    expect(second.digest).toBe(first.digest);
    expect((await readTar([readFileSync(first.path)])).get('opt/a')?.target).toBe('b');
  });
});

describe('an image archive', () => {
  it('names every layer and its configuration by digest, for docker load and for OCI tools alike', async () => {
    using work = mkdtempDisposableSync(join(tmpdir(), 'vdi-archive-'));
    writeFileSync(join(work.path, 'content'), 'hello');
    const content = { kind: 'copy', from: join(work.path, 'content') } as const;
    const layers = [
      await writeLayer(join(work.path, '1.tar'), [{ path: 'a', mode: 0o644, content }]),
      await writeLayer(join(work.path, '2.tar'), [{ path: 'b', mode: 0o644, content }]),
    ];
    const tags = ['localhost/vdi/sample:1', 'localhost/vdi/sample:latest'];
    const entries = await readTar(imageArchive({ recipe: aRecipe, layers, tags, fingerprint: 'abc' }));
    const json = (path: string): unknown => JSON.parse(entries.get(path)?.content.toString() ?? 'null');
    const blob = (digest: string): string => `blobs/sha256/${digest.replace('sha256:', '')}`;

    const [docker] = json('manifest.json') as [{ Config: string; RepoTags: unknown; Layers: string[] }];
    expect(docker.RepoTags).toEqual(tags);
    expect(docker.Layers).toEqual(layers.map(({ digest }) => blob(digest)));
    expect(json(docker.Config)).toMatchObject({
      config: { User: '1000:1000', Env: ['LANG=C.UTF-8'], Entrypoint: ['/run'] },
      rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
    });

    const index = json('index.json') as { manifests: { digest: string }[] };
    const manifest = json(blob(index.manifests[0]?.digest ?? '')) as { config: { digest: string } };
    expect(blob(manifest.config.digest)).toBe(docker.Config);
    for (const [path, { content }] of entries) {
      if (!path.startsWith('blobs/')) continue;
      expect(path).toBe(blob(createHash('sha256').update(content).digest('hex')));
    }
  });

  it('fails to be read when a layer is gone, instead of ending early', async () => {
    const layers = [{ path: join(tmpdir(), 'vdi-no-such-layer.tar'), digest: '0'.repeat(64), size: 10 }];
    const archive = imageArchive({ recipe: aRecipe, layers, tags: [], fingerprint: 'abc' });
    await expect(archive.toArray()).rejects.toThrow('ENOENT');
  });
});
