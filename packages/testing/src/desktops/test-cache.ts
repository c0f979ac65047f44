import { join } from 'node:path';

/** `XDG_CACHE_HOME` of everything that tests start: layers of images are kept between runs, because they cost minutes. */
export const testCacheHome: string = join(import.meta.dirname, '../../../../.cache');
