import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UserError } from '@vdi/api';
import { parse } from 'yaml';

/** What this checkout can build into an image. */
const programNames = ['node', 'native-packages', 'agent', 'viewer', 'operator', 'gateway', 'dashboard'] as const;
export type ProgramName = (typeof programNames)[number];

/** How a container of the image starts, in the words of the OCI image specification. */
interface ContainerDefaults {
  /** `uid:gid` */
  readonly user: string;
  readonly workingDirectory: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly entrypoint: readonly string[];
  /** `8080/tcp` */
  readonly ports: readonly string[];
}

/** `images/<name>/image.yaml`, with its paths made absolute. */
export interface ImageRecipe {
  readonly name: string;
  readonly summary: string;
  /** Debian packages; what they depend on comes too, what they recommend does not. */
  readonly packages: readonly string[];
  /** Paths that dpkg does not unpack, as its `path-exclude`. */
  readonly leaveOut: readonly string[];
  /** Exceptions to these, as its `path-include`. */
  readonly keep: readonly string[];
  /** Shell scripts, run by root in the new root file system in this order. */
  readonly setup: readonly string[];
  /** Folders whose content is laid over the root file system; later ones win. */
  readonly files: readonly string[];
  readonly programs: readonly ProgramName[];
  readonly config: ContainerDefaults;
}

/** Reads a recipe. Throws `UserError` where it is not one. */
export function readImageRecipe(path: string): ImageRecipe {
  const folder = dirname(resolve(path));
  const raw = readFields(path);
  const at = (name: string): string => join(folder, name);
  return {
    name: text(raw, 'name', path),
    summary: text(raw, 'summary', path),
    packages: texts(raw, 'packages', path),
    leaveOut: texts(raw, 'leaveOut', path),
    keep: texts(raw, 'keep', path),
    setup: texts(raw, 'setup', path).map(at),
    files: texts(raw, 'files', path).map(at),
    programs: texts(raw, 'programs', path).map((name) => programName(name, path)),
    config: containerDefaults(fields(raw['config'], 'config', path), path),
  };
}

type Fields = Readonly<Record<string, unknown>>;

function readFields(path: string): Fields {
  try {
    return fields(parse(readFileSync(path, 'utf8')), 'the file', path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw wrong(path, error instanceof Error ? error.message : String(error));
  }
}

function containerDefaults(config: Fields, path: string): ContainerDefaults {
  const environment = Object.entries(fields(config['environment'], 'config.environment', path));
  return {
    user: text(config, 'user', path),
    workingDirectory: text(config, 'workingDirectory', path),
    environment: Object.fromEntries(environment.map(([name, value]) => [name, String(value)])),
    entrypoint: texts(config, 'entrypoint', path),
    ports: texts(config, 'ports', path),
  };
}

function fields(value: unknown, name: string, path: string): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw wrong(path, `${name} is no mapping`);
}

function text(from: Fields, name: string, path: string): string {
  const value = from[name];
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(path, `${name} is missing or no text`);
}

function texts(from: Fields, name: string, path: string): readonly string[] {
  const value = from[name] ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
  throw wrong(path, `${name} is no list of texts`);
}

function programName(name: string, path: string): ProgramName {
  const known = programNames.find((program) => program === name);
  if (known !== undefined) return known;
  throw wrong(path, `the program ${name} is not one of ${programNames.join(', ')}`);
}

function wrong(path: string, why: string): UserError {
  return new UserError('ImageRecipeWrong', {
    what: `The image recipe ${path} cannot be used`,
    why,
    whatToDo: 'Compare it with images/README.md',
  });
}
