import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { formatSources } from '../apt/debian-sources.ts';
import { hostSourcesFor } from '../apt/host-sources.ts';
import { debianBase, neverUnpacked } from '../recipe/debian-base.ts';
import { runProgram } from '../run-program.ts';
import { explainBootstrapFailure } from './explain-bootstrap-failure.ts';
import type { SystemBuilder, SystemRequest } from './system-request.ts';

/** Makes a Debian from packages with mmdebstrap: needs no registry, no engine and, where user namespaces are allowed, no root. */
export const bootstrapSystem: SystemBuilder = {
  name: 'with mmdebstrap',
  async build(request, target) {
    const mirrors = await writeMirrors(request.workFolder);
    await mkdir(request.downloads, { recursive: true });
    try {
      // Not in /tmp, which is memory on a Debian 13: a desktop has a gigabyte.
      const args = [
        'TMPDIR=/var/tmp',
        'mmdebstrap',
        ...bootstrapArguments(request, process.getuid?.() === 0),
        debianBase.suite,
        target,
        ...mirrors,
      ];
      await runProgram('env', args, { workingDirectory: request.workFolder, signal: request.signal });
    } catch (error) {
      throw explainBootstrapFailure(error);
    }
  },
};

/** The last argument of mmdebstrap: a file with the machine's mirrors, or none, and then it asks Debian's own servers. */
async function writeMirrors(folder: string): Promise<readonly string[]> {
  const sources = hostSourcesFor(debianBase.suite);
  if (sources.length === 0) return [];
  const path = join(folder, 'debian.sources');
  await writeFile(path, formatSources(sources));
  return [path];
}

/**
 * mmdebstrap(1), without suite, target and mirror. The mode is never left to it: without root it might choose fakechroot,
 * which fails obscurely as soon as the release has a newer C library than the machine.
 */
export function bootstrapArguments(
  { recipe, downloads }: Pick<SystemRequest, 'recipe' | 'downloads'>,
  isRoot: boolean,
): readonly string[] {
  const leaveOut = [...neverUnpacked.leaveOut, ...recipe.leaveOut].map((path) => `path-exclude=${path}`);
  const keep = [...neverUnpacked.keep, ...recipe.keep].map((path) => `path-include=${path}`);
  return [
    `--mode=${isRoot ? 'root' : 'unshare'}`,
    '--variant=minbase',
    '--format=tar',
    `--include=${recipe.packages.join(',')}`,
    '--aptopt=Apt::Install-Recommends "false"',
    '--aptopt=Acquire::Languages "none"',
    '--aptopt=Acquire::Retries "3"',
    ...[...leaveOut, ...keep, 'force-unsafe-io'].map((option) => `--dpkgopt=${option}`),
    // Downloads outlive the build: what mmdebstrap(1) suggests for a local cache.
    '--skip=download/empty,essential/unlink',
    '--setup-hook=mkdir -p "$1"/var/cache/apt/archives',
    `--setup-hook=sync-in ${quoted(downloads)} /var/cache/apt/archives`,
    `--customize-hook=sync-out /var/cache/apt/archives ${quoted(downloads)}`,
    ...recipe.setup.map((script) => `--customize-hook=chroot "$1" sh < ${quoted(script)}`),
  ];
}

/** As one word of a POSIX shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
