import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { UserError } from '@vdi/api';
import { isFolder } from '../is-folder.ts';
import { writeIfChanged } from '../write-if-changed.ts';
import { findProgram } from './find-program.ts';
import { containersConf, type PodmanFolders, type PodmanVariant, storageConf } from './podman-settings.ts';
import { tinyProgram } from './tiny-program.ts';

const run = promisify(execFile);
const patienceMs = 20_000;
/** Podman lowers its own limit of processes to this before it starts a container, and can then not raise it again. */
const podmanProcessLimit = 32_768;

/**
 * Finds settings with which Podman really runs a container here, by running one: which runtime works depends on the
 * kernel's cgroups, which limits it may set on its capabilities, and neither can be told from outside.
 */
export async function settlePodman(podman: string, folders: PodmanFolders): Promise<PodmanVariant> {
  await settleStorage(podman, folders);
  prepareRootFilesystem(folders);
  const failures: string[] = [];
  for (const variant of variants(folders)) {
    writeIfChanged(folders.containersConf, containersConf(folders, variant, isFolder('/run/systemd/system')));
    const failure = await tryVariant(podman, folders);
    if (failure === undefined) {
      writeIfChanged(rememberedVariant(folders), JSON.stringify(variant));
      return variant;
    }
    failures.push(`${variant.runtime}: ${failure}`);
  }
  throw new UserError('EngineBroken', {
    what: 'Podman is installed but could not run a container',
    why: failures.length === 0 ? 'no OCI runtime is installed' : failures.join('; '),
    whatToDo:
      'Type: apt-get install --yes --no-install-recommends runc crun conmon netavark, then try again with vdi doctor',
  });
}

/** The environment that makes a podman process ours. */
export function podmanEnvironment(folders: PodmanFolders): NodeJS.ProcessEnv {
  return {
    ...process.env,
    CONTAINERS_CONF: folders.containersConf,
    CONTAINERS_STORAGE_CONF: folders.storageConf,
  };
}

const rememberedVariant = (folders: PodmanFolders): string => join(folders.root, 'variant.json');
const rootFilesystem = (folders: PodmanFolders): string => join(folders.root, 'probe');

/** What worked the last time is tried first. */
function variants(folders: PodmanFolders): readonly PodmanVariant[] {
  const runtimes = ['crun', 'runc'].filter((runtime) => findProgram(runtime) !== undefined);
  const limits = [undefined, limitsOfThisProcess()];
  const all = limits.flatMap((limit) => runtimes.map((runtime): PodmanVariant => ({ runtime, limits: limit })));
  try {
    return [JSON.parse(readFileSync(rememberedVariant(folders), 'utf8')) as PodmanVariant, ...all];
  } catch {
    // The first time, or a damaged note: all are tried in turn.
    return all;
  }
}

function limitsOfThisProcess(): readonly string[] {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const hard = (name: string, most: number): number => {
    const text = new RegExp(`^${name}\\s+\\S+\\s+(\\S+)`, 'm').exec(limits)?.[1] ?? '1024';
    return text === 'unlimited' ? most : Math.min(Number(text), most);
  };
  const files = hard('Max open files', 1_048_576);
  const processes = hard('Max processes', podmanProcessLimit);
  return [`nofile=${files}:${files}`, `nproc=${processes}:${processes}`];
}

/** Native overlayfs, or the same in user space where the kernel refuses it. */
async function settleStorage(podman: string, folders: PodmanFolders): Promise<void> {
  const provisional: PodmanVariant = {
    runtime: findProgram('crun') === undefined ? 'runc' : 'crun',
    limits: undefined,
  };
  writeIfChanged(folders.containersConf, containersConf(folders, provisional, isFolder('/run/systemd/system')));
  const failures: string[] = [];
  for (const mountProgram of [undefined, findProgram('fuse-overlayfs')]) {
    if (mountProgram === undefined && failures.length > 0) continue;
    writeIfChanged(folders.storageConf, storageConf(folders, mountProgram));
    const failure = await failureOf(podman, ['info', '--format', '{{.Store.GraphDriverName}}'], folders);
    if (failure === undefined) return;
    failures.push(failure);
  }
  throw new UserError('EngineStorageBroken', {
    what: `Podman cannot keep images in ${folders.root}`,
    why: failures.join('; '),
    whatToDo:
      'Put the state directory on ext4, xfs or btrfs with --state-dir, or type: apt-get install --yes fuse-overlayfs',
  });
}

function prepareRootFilesystem(folders: PodmanFolders): void {
  const root = rootFilesystem(folders);
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, 'exit'), tinyProgram('exit'), { mode: 0o755 });
}

async function tryVariant(podman: string, folders: PodmanFolders): Promise<string | undefined> {
  const args = ['run', '--rm', '--network=none', '--memory=64m', '--rootfs', rootFilesystem(folders), '/exit'];
  return await failureOf(podman, args, folders);
}

async function failureOf(podman: string, args: readonly string[], folders: PodmanFolders): Promise<string | undefined> {
  try {
    await run(podman, args, { env: podmanEnvironment(folders), cwd: '/', timeout: patienceMs });
    return undefined;
  } catch (error) {
    const { stderr = '' } = error as { readonly stderr?: string };
    const said = stderr.trim().split('\n').slice(-1).join(' ');
    return said || (error instanceof Error ? error.message : String(error));
  }
}
