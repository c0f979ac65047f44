import type { ClipboardContent } from '@vdi/protocol';

/**
 * The clipboard of this machine. Browsers let a page write to it while somebody uses it only: Chromium while the page has
 * the focus, Firefox and Safari just after a key or a click. What was refused is written with the next of those.
 */
export class LocalClipboard implements Disposable {
  readonly #stopped = new AbortController();
  #waiting: ClipboardContent | undefined;

  constructor() {
    const { signal } = this.#stopped;
    for (const gesture of ['keydown', 'pointerup'] as const) {
      document.addEventListener(gesture, () => void this.#writeWaiting(), { signal, capture: true });
    }
    // Of the window, not of what is in it: somebody who has been elsewhere may have copied something there.
    addEventListener('blur', () => (this.#waiting = undefined), { signal });
  }

  /** @returns whether it is there now; otherwise it will be after the next gesture, unless the page is left before */
  async write(content: ClipboardContent): Promise<boolean> {
    this.#waiting = content;
    return await this.#writeWaiting();
  }

  [Symbol.dispose](): void {
    this.#stopped.abort();
  }

  async #writeWaiting(): Promise<boolean> {
    const content = this.#waiting;
    if (content === undefined) return false;
    try {
      await writeNow(content);
    } catch {
      // Refused: without the focus, a permission or a gesture. It waits for the next one; the menu offers it, too.
      return false;
    }
    if (this.#waiting === content) this.#waiting = undefined;
    return true;
  }
}

async function writeNow({ format, bytes }: ClipboardContent): Promise<void> {
  // Without a secure context there is none, although its type says so.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (clipboard === undefined) throw new DOMException('This page may not use the clipboard.', 'NotAllowedError');
  if (format === 'text') await clipboard.writeText(new TextDecoder().decode(bytes));
  else await clipboard.write([new ClipboardItem({ 'image/png': new Blob([bytes], { type: 'image/png' }) })]);
}
