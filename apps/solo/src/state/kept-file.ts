import type { KeptText } from '@vdi/gateway';
import { readIfPresent, writePrivateFile } from './private-file.ts';

/** A file that only its owner reads. One process at a time has the state directory, so nobody writes in between. */
export function keptFile(path: string): KeptText {
  return {
    place: path,
    read: async () => readIfPresent(path),
    async keep(text) {
      const kept = readIfPresent(path);
      if (kept !== undefined) return kept;
      writePrivateFile(path, text);
      return text;
    },
  };
}
