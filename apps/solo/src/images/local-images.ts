import { join } from 'node:path';
import type { StateDirectory } from '../state/state-directory.ts';

/** The checkout that this program runs from: images are built of the same code. */
export const checkoutDirectory: string = join(import.meta.dirname, '../../../..');

/** Where standalone mode keeps layers and downloads. */
export function imageCacheDirectory(state: Pick<StateDirectory, 'path'>): string {
  return join(state.path, 'image-cache');
}
