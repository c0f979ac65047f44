import { homedir } from 'node:os';
import { join } from 'node:path';

/** The port of the web address where none is asked for. Not 8080, which something else often has. */
export const defaultPort = 7080;

/** Where downloads and layers of images lie: `$XDG_CACHE_HOME/vdi`, or `~/.cache/vdi`. All state directories share it; all of it can be deleted. */
export function imageCacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_CACHE_HOME'];
  return join(base?.startsWith('/') ? base : join(homedir(), '.cache'), 'vdi');
}

/** The state directory where none is asked for: `$XDG_STATE_HOME/vdi`, or `~/.local/state/vdi` (XDG base directory specification). */
export function defaultStateDirectory(env: Readonly<Record<string, string | undefined>>): string {
  const base = env['XDG_STATE_HOME'];
  // The specification says to ignore a relative path.
  return join(base?.startsWith('/') ? base : join(homedir(), '.local', 'state'), 'vdi');
}
