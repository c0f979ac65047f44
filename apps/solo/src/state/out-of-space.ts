import { StorageFailure } from '@vdi/apiserver';
import { UserError } from '@vdi/api';
import { KubeError } from '@vdi/kube';

/** What our API answers when its database cannot grow: `507 Insufficient Storage`. */
const insufficientStorage = 507;
// https://www.sqlite.org/rescode.html#full
const sqliteFull = 13;

/** Turns whatever a full disk made of a start into words for the person who can free it; other errors stay as they are. */
export function explainOutOfSpace(error: unknown, directories: readonly string[]): unknown {
  if (!isOutOfSpace(error)) return error;
  return new UserError('NoSpaceLeft', {
    what: 'No space is left on the disk, so that nothing was started',
    why: `The state, or an image, could not be written below ${directories.join(' or ')}`,
    whatToDo: `Free some space and try again; nothing was lost. How much there is: df -h ${directories.join(' ')}`,
  });
}

function isOutOfSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error instanceof StorageFailure) return error.isFull;
  if (error instanceof KubeError) return error.status === insufficientStorage;
  const { code, errcode } = error as { readonly code?: unknown; readonly errcode?: unknown };
  return code === 'ENOSPC' || code === 'EDQUOT' || errcode === sqliteFull || isOutOfSpace(error.cause);
}
