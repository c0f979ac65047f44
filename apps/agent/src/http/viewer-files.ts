import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Answer } from './answer.ts';

/**
 * The viewer's page and assets, read into memory at start: they are small, and a request can name nothing else.
 */
interface ViewerFile {
  readonly type: string;
  readonly body: Buffer;
  readonly gzipped: Buffer | undefined;
  readonly entityTag: string;
  readonly cacheControl: string;
}

export type ViewerFiles = ReadonlyMap<string, ViewerFile>;

const compress = promisify(gzip);

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
};
const compressible = /^(?:text|application|image\/svg)/;
/** The build puts a hash of the content into these names, so their content never changes. */
const hashedName = /^\/assets\/.+-[\w-]{8,}\.\w+$/;

/** By URL path; `/` is the page. @throws Error when the directory cannot be read. */
export async function loadViewerFiles(directory: string): Promise<ViewerFiles> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = new Map<string, ViewerFile>();
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const path = join(entry.parentPath, entry.name);
    const url = `/${relative(directory, path).split(sep).join('/')}`;
    files.set(url, await loadFile(path, url));
  }
  const page = files.get('/index.html');
  if (page !== undefined) files.set('/', page);
  return files;
}

async function loadFile(path: string, url: string): Promise<ViewerFile> {
  const body = await readFile(path);
  const type = types[extname(path)] ?? 'application/octet-stream';
  return {
    type,
    body,
    gzipped: compressible.test(type) ? await compress(body) : undefined,
    entityTag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    cacheControl: hashedName.test(url) ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}

export function fileAnswer(file: ViewerFile, headers: IncomingHttpHeaders): Answer {
  const shared = { ETag: file.entityTag, 'Cache-Control': file.cacheControl, Vary: 'Accept-Encoding' };
  if (headers['if-none-match'] === file.entityTag) return { status: 304, headers: shared };
  const gzipped = /\bgzip\b/.test(headers['accept-encoding'] ?? '') ? file.gzipped : undefined;
  return {
    status: 200,
    headers: { ...shared, 'Content-Type': file.type, ...(gzipped === undefined ? {} : { 'Content-Encoding': 'gzip' }) },
    body: gzipped ?? file.body,
  };
}
