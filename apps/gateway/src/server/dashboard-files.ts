import { readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join, relative } from 'node:path';

/** One file of the dashboard, in memory. */
interface DashboardFile {
  readonly body: Buffer;
  readonly contentType: string;
  readonly cacheControl: string;
}

export interface DashboardFiles {
  /** What to show at a path: a file, or the page itself for the paths that it makes up; undefined where a file is missing. */
  at(path: string): DashboardFile | undefined;
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};

/** Reads the built dashboard once: a few files, and no path of a request ever reaches the disk. Undefined if it is not built. */
export function readDashboardFiles(directory: string): DashboardFiles | undefined {
  const files = new Map(filesBelow(directory).map((path) => [`/${relative(directory, path)}`, fileAt(path)]));
  const page = files.get('/index.html');
  if (page === undefined) return undefined;
  return {
    at(path) {
      const found = path === '/' ? page : files.get(path);
      return found ?? (extname(path) === '' ? page : undefined);
    },
  };
}

function filesBelow(directory: string): readonly string[] {
  if (statSync(directory, { throwIfNoEntry: false }) === undefined) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

function fileAt(path: string): DashboardFile {
  return {
    body: readFileSync(path),
    contentType: contentTypes[extname(path)] ?? 'application/octet-stream',
    // The build names what lies in "assets" by its content.
    cacheControl: path.includes('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
}
