import {
  ClipboardAssembly,
  type ClipboardContent,
  clipboardLimitBytes,
  clipboardPieces,
  type ClipboardPiece,
  type ClipboardPolicy,
  type ClipboardRefusal,
  mayPass,
} from '@vdi/protocol';
import { LocalClipboard } from './local-clipboard.ts';

export interface DesktopClipboardOptions {
  readonly policy: () => ClipboardPolicy;
  readonly send: (piece: ClipboardPiece) => boolean;
  /** Something was copied on the desktop. */
  readonly copied: (content: ClipboardContent) => void;
  readonly refused: (refusal: ClipboardRefusal) => void;
}

/** Carries the clipboard between this machine and the desktop. */
export class DesktopClipboard implements Disposable {
  readonly #options: DesktopClipboardOptions;
  readonly #local = new LocalClipboard();
  #assembly = new ClipboardAssembly();

  constructor(options: DesktopClipboardOptions) {
    this.#options = options;
  }

  /** A piece from the desktop. */
  received(piece: ClipboardPiece): void {
    const content = this.#assembly.add(piece);
    if (content === 'too-large')
      this.#options.refused({ type: 'clipboard-refused', direction: 'out', reason: content });
    if (content === undefined || content === 'too-large') return;
    this.#options.copied(content);
    void this.#local.write(content);
  }

  /** A new connection begins with a new clipboard. */
  forget(): void {
    this.#assembly = new ClipboardAssembly();
  }

  /** Puts `content` on the desktop's clipboard. @returns whether it was sent; why not is told to `refused` */
  put(content: ClipboardContent): boolean {
    const { policy, send, refused } = this.#options;
    const reason = refusalOf(content, policy());
    if (reason !== undefined) {
      refused({ type: 'clipboard-refused', direction: 'in', reason });
      return false;
    }
    return clipboardPieces(content).every((piece) => send(piece));
  }

  /** Writes to this machine's clipboard, in a click. */
  async writeLocal(content: ClipboardContent): Promise<boolean> {
    return await this.#local.write(content);
  }

  [Symbol.dispose](): void {
    this.#local[Symbol.dispose]();
  }
}

function refusalOf({ bytes }: ClipboardContent, policy: ClipboardPolicy): ClipboardRefusal['reason'] | undefined {
  if (!mayPass(policy, 'in')) return 'policy';
  return bytes.length > clipboardLimitBytes ? 'too-large' : undefined;
}
