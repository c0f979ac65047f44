import { join } from 'node:path';

/** The checkout that this program runs from: images are built of the same code. */
export const checkoutDirectory: string = join(import.meta.dirname, '../../../..');
