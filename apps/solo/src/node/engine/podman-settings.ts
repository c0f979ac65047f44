import { createHash } from 'node:crypto';
import { join } from 'node:path';

/** How Podman is to run here. Found by trying: see `try-podman.ts`. */
export interface PodmanVariant {
  /** OCI runtime, by name. */
  readonly runtime: string;
  /** Resource limits of containers in Podman's words; undefined leaves Podman its own. */
  readonly limits: readonly string[] | undefined;
}

/** Where a Podman of ours keeps what. Nothing of it is shared with a Podman that the machine's owner uses. */
export interface PodmanFolders {
  /** Images, containers, settings. */
  readonly root: string;
  /** Sockets and locks, which must not survive a reboot of the machine. */
  readonly runtime: string;
  readonly socket: string;
  readonly containersConf: string;
  readonly storageConf: string;
  readonly processRecord: string;
}

/** Short, because the path of a socket may have no more than 107 bytes (unix(7)). */
export function podmanFolders(stateDirectory: string, uid: number): PodmanFolders {
  const root = join(stateDirectory, 'engine');
  const name = `vdi-${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 12)}`;
  const runtime = join(uid === 0 ? '/run' : (process.env['XDG_RUNTIME_DIR'] ?? '/tmp'), name);
  return {
    root,
    runtime,
    socket: join(runtime, 'podman.sock'),
    containersConf: join(root, 'containers.conf'),
    storageConf: join(root, 'storage.conf'),
    processRecord: join(root, 'podman.json'),
  };
}

/** Where the Podman of a state directory answers while it runs, for people and tests who want to look inside. */
export const podmanSocket = (stateDirectory: string): string =>
  podmanFolders(stateDirectory, process.getuid?.() ?? 0).socket;

/** containers.conf(5) */
export function containersConf(folders: PodmanFolders, variant: PodmanVariant, hasSystemd: boolean): string {
  return toml({
    containers: {
      // What a pod sees in /etc/hosts is what Kubernetes would show it, not this machine's own names.
      base_hosts_file: 'none',
      host_containers_internal_ip: 'none',
      log_size_max: 10 * 2 ** 20,
      ...(variant.limits === undefined ? {} : { default_ulimits: variant.limits }),
    },
    engine: {
      runtime: variant.runtime,
      cgroup_manager: hasSystemd ? 'systemd' : 'cgroupfs',
      events_logger: 'file',
      // Locks in shared memory would be shared with every other Podman of this user.
      lock_type: 'file',
      tmp_dir: join(folders.runtime, 'libpod'),
      image_copy_tmp_dir: 'storage',
      // A program run in a container leaves a conmon that waits so long for somebody to ask how it ended; we ask at once.
      exit_command_delay: 5,
    },
    network: {
      network_config_dir: join(folders.root, 'networks'),
      default_subnet_pools: subnetPools(folders.root),
    },
  });
}

/** containers-storage.conf(5) */
export function storageConf(folders: PodmanFolders, mountProgram: string | undefined): string {
  return toml({
    storage: {
      driver: 'overlay',
      graphroot: join(folders.root, 'storage'),
      runroot: join(folders.runtime, 'storage'),
    },
    'storage.options.overlay': {
      // Otherwise the storage stays mounted onto itself after the end, and the state directory cannot be removed.
      skip_mount_home: 'true',
      ...(mountProgram === undefined ? {} : { mount_program: mountProgram }),
    },
  });
}

/** A range of its own for each state directory: two engines that choose at the same moment must not choose the same. */
function subnetPools(root: string): readonly TomlTable[] {
  const byte = createHash('sha256').update(root).digest()[0] ?? 0;
  return [{ base: `10.${100 + (byte % 100)}.0.0/16`, size: 28 }];
}

type TomlValue = string | number | boolean | readonly string[] | readonly TomlTable[];
interface TomlTable {
  readonly [key: string]: string | number;
}

/** TOML for the little that these files need. A JSON string is a TOML string. */
function toml(sections: Readonly<Record<string, Readonly<Record<string, TomlValue>>>>): string {
  return Object.entries(sections)
    .map(([name, fields]) => [
      `[${name}]`,
      ...Object.entries(fields).map(([key, value]) => `${key} = ${tomlOf(value)}`),
      '',
    ])
    .flat()
    .join('\n');
}

function tomlOf(value: TomlValue | TomlTable): string {
  if (Array.isArray(value)) return `[${value.map((element: TomlValue | TomlTable) => tomlOf(element)).join(', ')}]`;
  if (typeof value !== 'object') return JSON.stringify(value);
  return `{${Object.entries(value as TomlTable)
    .map(([key, field]) => `${key} = ${tomlOf(field)}`)
    .join(', ')}}`;
}
