/**
 * The door's own addresses on a session's host: all below one prefix, so that they shadow nothing of images with a web
 * desktop of their own, and that a proxy in front needs one rule to send them here. Everything else is the desktop's.
 */
const prefix = '/.vdi/';

export const ownPaths = {
  /** Takes a one-time code for a cookie. */
  enter: `${prefix}enter`,
  /** Streams how far a start is. */
  progress: `${prefix}progress`,
  progressScript: `${prefix}progress.js`,
} as const;

/** Whether the door answers here itself, be it that there is nothing: no desktop is ever asked. */
export function isOwnPath(path: string): boolean {
  return path.startsWith(prefix);
}
