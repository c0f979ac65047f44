import type { ImageFile } from './image-file.ts';

/** Something that becomes one layer above Debian's. */
export interface LayerSource {
  /** Completes "Adding …". */
  readonly name: string;
  /** Known without building anything; changes whenever `collect` would bring something else. */
  readonly fingerprint: string;
  /** Builds what must be built, in `workFolder`, and names the files. */
  collect(workFolder: string, signal: AbortSignal): Promise<readonly ImageFile[]>;
}
