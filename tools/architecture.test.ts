import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

/** Who may import whom, in production code. The table of docs/architecture.md; package.json files must agree. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  api: [],
  protocol: [],
  telemetry: [],
  media: [],
  kube: [],
  controller: ['kube', 'telemetry'],
  apiserver: ['telemetry'],
  identity: ['telemetry'],
  testing: ['api', 'protocol', 'telemetry', 'media', 'kube', 'controller', 'apiserver', 'identity'],
  operator: ['api', 'controller', 'kube', 'protocol', 'telemetry'],
  gateway: ['api', 'controller', 'kube', 'identity', 'protocol', 'telemetry'],
  agent: ['protocol', 'media', 'identity', 'telemetry'],
  viewer: ['protocol'],
  dashboard: ['api', 'viewer'],
  solo: ['api', 'apiserver', 'controller', 'gateway', 'identity', 'kube', 'operator', 'protocol', 'telemetry'],
  cli: ['kube', 'api', 'solo', 'telemetry'],
};
const anything = ['tests', 'bench'];

interface Manifest {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const folders = ['packages', 'apps']
  .flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  .filter((folder) => existsSync(join(folder, 'package.json')));

const readManifest = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

const ours = (dependencies: Readonly<Record<string, string>> = {}): string[] =>
  Object.keys(dependencies)
    .filter((name) => name.startsWith('@vdi/'))
    .map((name) => name.slice('@vdi/'.length));

describe('import rules', () => {
  it.each(folders)('%s depends only on what the architecture allows', (folder) => {
    const manifest = readManifest(folder);
    const name = manifest.name.slice('@vdi/'.length);
    expect(anything.includes(name) || name in mayImport, `${folder} is not in the table`).toBe(true);
    const forbidden = ours(manifest.dependencies).filter((used) => !mayImport[name]?.includes(used));
    expect(forbidden).toEqual([]);
  });

  it.each(folders)('%s is reached through its index alone, and only where its manifest says so', (folder) => {
    const manifest = readManifest(folder);
    const declared = new Set([...ours(manifest.dependencies), ...ours(manifest.devDependencies), 'testing']);
    const offences = sourceFiles(join(folder, 'src')).flatMap((file) =>
      [
        ...readFileSync(file, 'utf8').matchAll(
          /(?:from|import)\s*\(?\s*'(@vdi\/[^']+|(?:\.\.\/)+(?:packages|apps)\/[^']+)'/g,
        ),
      ]
        .map((match) => match[1] ?? '')
        .filter((target) => !declared.has(target.replace('@vdi/', '')))
        .map((target) => `${file} imports ${target}`),
    );
    expect(offences).toEqual([]);
  });

  it.each(folders.filter((folder) => folder.startsWith('packages/')))(
    '%s is a library: no process.env, no listen',
    (folder) => {
      const offences = sourceFiles(join(folder, 'src'))
        .filter((file) => !file.endsWith('.test.ts') && !folder.endsWith('testing'))
        .filter((file) => /process\.(env|exit|argv)\b|\.listen\(/.test(readFileSync(file, 'utf8')));
      expect(offences).toEqual([]);
    },
  );
});

function sourceFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
