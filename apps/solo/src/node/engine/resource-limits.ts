import { readFileSync } from 'node:fs';

/** Where to look, and as whom. */
export interface CgroupView {
  readonly isRootless: boolean;
  readonly uid: number;
  /** The text of a file, or undefined where there is none. */
  readonly read: (path: string) => string | undefined;
}

const needed = ['cpu', 'memory', 'pids'] as const;

/**
 * Why limits of processor and memory would be ignored, or undefined when they hold. Root may always set them; that a
 * container starts with a limit was tried (`try-podman.ts`). Others need cgroups v2 and what systemd delegates of them
 * (https://rootlesscontaine.rs/getting-started/common/cgroup2/): engines only warn where that is missing.
 */
export function ignoredLimits({ isRootless, uid, read }: CgroupView): string | undefined {
  if (!isRootless) return undefined;
  if (read('/sys/fs/cgroup/cgroup.controllers') === undefined) {
    return 'this kernel runs with cgroups v1, where only root may set them';
  }
  const delegated = read(`/sys/fs/cgroup/user.slice/user-${uid}.slice/user@${uid}.service/cgroup.controllers`);
  const missing = needed.filter((controller) => delegated?.split(/\s+/).includes(controller) !== true);
  return missing.length === 0 ? undefined : `systemd does not delegate ${missing.join(', ')} to this user`;
}

/** What this machine does, for the user of this process. */
export function ignoredLimitsHere(isRootless: boolean): string | undefined {
  return ignoredLimits({ isRootless, uid: process.getuid?.() ?? 0, read: textOf });
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Not there, or not for this user: then it is of no use to this user either.
    return undefined;
  }
}
