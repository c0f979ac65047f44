import type { ClipboardContent } from '@vdi/protocol';

/** What a program copied, or that it was more than may be passed on. */
export type Copied = ClipboardContent | 'too-large';

/** The clipboard of the desktop's programs: the X selection CLIPBOARD. What is merely selected (PRIMARY) stays theirs. */
export interface Clipboard extends AsyncDisposable {
  /**
   * Puts `content` on the clipboard. Keys that are pressed after this call paste it, because both go over one connection
   * to the X server. What lies there already is left alone, with every format that its program offers.
   */
  put(content: ClipboardContent): void;
  /** Tells what programs copy from now on; without a listener nothing is read. The result ends it. */
  onCopy(listener: (copied: Copied) => void): () => void;
}
