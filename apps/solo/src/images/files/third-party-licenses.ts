import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/**
 * What the licences of the packages in a bundle ask for: their texts, in the order of their names. The source maps
 * (ECMA-426) in the bundle's folder say which packages it holds.
 */
export async function thirdPartyLicenses(bundleFolder: string): Promise<string> {
  const maps = (await readdir(bundleFolder, { recursive: true })).filter((path) => path.endsWith('.map'));
  const sources = (await Promise.all(maps.map((path) => sourcesOf(join(bundleFolder, path))))).flat();
  const folders = new Set(sources.flatMap((source) => packageFolder(source) ?? []));
  const notices = new Map<string, string>();
  for (const folder of folders) {
    const { title, body } = await noticeOf(folder);
    notices.set(title, body);
  }
  const sorted = [...notices].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([title, body]) => `${title}\n${'-'.repeat(title.length)}\n\n${body}\n`).join('\n\n');
}

async function sourcesOf(mapPath: string): Promise<readonly string[]> {
  const map = JSON.parse(await readFile(mapPath, 'utf8')) as { readonly sources: readonly (string | null)[] };
  return map.sources.flatMap((source) => (source === null ? [] : resolve(dirname(mapPath), source)));
}

/** The package of a file below node_modules; undefined for what is our own. */
function packageFolder(file: string): string | undefined {
  return /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0];
}

async function noticeOf(folder: string): Promise<{ readonly title: string; readonly body: string }> {
  const path = join(folder, 'package.json');
  const manifest = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as PackageManifest) : {};
  const { name = folder.replace(/^.*\/node_modules\//, ''), version = '', license = 'unknown' } = manifest;
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map(async (file) => (await readFile(join(folder, file), 'utf8')).trim()));
  return { title: `${name} ${version}`.trim(), body: [`License: ${license}`, ...texts].join('\n\n') };
}
