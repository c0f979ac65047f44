import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

interface PackageManifest {
  readonly name?: string;
  readonly version?: string;
  readonly license?: string;
}

/**
 * What the licences of bundled packages ask for: their texts, in the order of their names. A source map (ECMA-426) says
 * which packages a bundle holds.
 */
export async function thirdPartyLicenses(sourceMapPaths: readonly string[]): Promise<string> {
  const folders = new Set<string>();
  for (const path of sourceMapPaths) {
    const map = JSON.parse(await readFile(path, 'utf8')) as { readonly sources: readonly (string | null)[] };
    for (const source of map.sources) {
      const folder = source === null ? undefined : packageFolder(resolve(dirname(path), source));
      if (folder !== undefined) folders.add(folder);
    }
  }
  const notices = new Map<string, string>();
  for (const folder of folders) {
    const { title, body } = await noticeOf(folder);
    notices.set(title, body);
  }
  const sorted = [...notices].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([title, body]) => `${title}\n${'-'.repeat(title.length)}\n\n${body}\n`).join('\n\n');
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
