// An image as one tar that every engine and registry tool takes: an OCI image layout (image-layout.md of the OCI image
// specification 1.1) with the `manifest.json` of `docker save` beside it, both over the same blobs.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { pack, type Pack } from 'tar-stream';
import type { ImageRecipe } from '../recipe/image-recipe.ts';
import { imageConfig } from './image-config.ts';
import type { Layer } from './layer.ts';

export interface ImageContent {
  readonly recipe: ImageRecipe;
  /** Lowest first. */
  readonly layers: readonly Layer[];
  /** Full names, such as `localhost/vdi/display:latest`. */
  readonly tags: readonly string[];
  /** Of the image: changes with anything in it. */
  readonly fingerprint: string;
}

interface Blob {
  readonly digest: string;
  readonly content: Buffer;
}

/** The archive, made while it is read. */
export function imageArchive(image: ImageContent): Readable {
  const tar = pack();
  writeArchive(tar, image).catch((error: unknown) =>
    tar.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  // tar-stream's own streams lack what Node.js streams have learnt since, such as asynchronous disposal.
  return Readable.from(tar, { objectMode: false });
}

async function writeArchive(tar: Pack, image: ImageContent): Promise<void> {
  const config = jsonBlob(imageConfig(image));
  const manifest = jsonBlob(ociManifest(config, image.layers));
  for (const layer of uniqueLayers(image.layers)) {
    const entry = tar.entry(header(blobPath(layer.digest), layer.size));
    await pipeline(createReadStream(layer.path), entry);
  }
  for (const { digest, content } of [config, manifest]) tar.entry(header(blobPath(digest), content.length), content);
  const files = {
    'oci-layout': { imageLayoutVersion: '1.0.0' },
    'index.json': ociIndex(manifest, image.tags),
    'manifest.json': [
      {
        Config: blobPath(config.digest),
        RepoTags: image.tags,
        Layers: image.layers.map(({ digest }) => blobPath(digest)),
      },
    ],
  };
  for (const [name, value] of Object.entries(files)) {
    const content = Buffer.from(JSON.stringify(value));
    tar.entry(header(name, content.length), content);
  }
  tar.finalize();
}

const blobPath = (digest: string): string => `blobs/sha256/${digest}`;

const header = (name: string, size: number) => ({ name, size, mode: 0o644, mtime: new Date(0), type: 'file' as const });

function jsonBlob(value: unknown): Blob {
  const content = Buffer.from(JSON.stringify(value));
  return { digest: createHash('sha256').update(content).digest('hex'), content };
}

/** Two layers of the same bytes are one blob. */
function uniqueLayers(layers: readonly Layer[]): Iterable<Layer> {
  return new Map(layers.map((layer) => [layer.digest, layer])).values();
}

function ociManifest(config: Blob, layers: readonly Layer[]): unknown {
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: descriptor('application/vnd.oci.image.config.v1+json', config.digest, config.content.length),
    layers: layers.map(({ digest, size }) => descriptor('application/vnd.oci.image.layer.v1.tar', digest, size)),
  };
}

function ociIndex(manifest: Blob, tags: readonly string[]): unknown {
  const described = descriptor('application/vnd.oci.image.manifest.v1+json', manifest.digest, manifest.content.length);
  return {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: tags.map((tag) => ({
      ...described,
      annotations: { 'io.containerd.image.name': tag, 'org.opencontainers.image.ref.name': tag.replace(/^.*:/, '') },
    })),
  };
}

const descriptor = (mediaType: string, digest: string, size: number) => ({
  mediaType,
  digest: `sha256:${digest}`,
  size,
});
