import { ClipboardAssembly, clipboardPieces, type ClipboardPiece, type ClipboardPolicy, mayPass } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clipboard, Copied } from '../clipboard/clipboard.ts';
import type { Viewer } from './viewer.ts';

export interface ClipboardFlowOptions {
  readonly viewer: Viewer;
  /** Whether this viewer drives now. */
  readonly isController: () => boolean;
  readonly clipboard: Clipboard;
  readonly policy: ClipboardPolicy;
  readonly log: Logger;
}

/**
 * The clipboard between the desktop and one viewer, as far as policy lets it through. Only who drives gets what is
 * copied: a clipboard may hold what the screen does not show, such as a password.
 */
export class ClipboardFlow {
  readonly #options: ClipboardFlowOptions;
  readonly #assembly = new ClipboardAssembly();

  constructor(options: ClipboardFlowOptions) {
    this.#options = options;
  }

  /** One piece from the viewer, which drives. Each whole one that does not get through is answered. */
  receive(piece: ClipboardPiece): void {
    const { clipboard, policy } = this.#options;
    const content = this.#assembly.add(piece);
    if (content === undefined) return;
    if (!mayPass(policy, 'in')) this.#refuse('in', 'policy');
    else if (content === 'too-large') this.#refuse('in', 'too-large');
    else clipboard.put(content);
  }

  /** Tells the viewer what is copied on the desktop, until the result is called. */
  start(): () => void {
    const { clipboard, policy } = this.#options;
    // Nobody reads a clipboard that may not leave.
    return mayPass(policy, 'out') ? clipboard.onCopy((copied) => this.#tell(copied)) : () => undefined;
  }

  #tell(copied: Copied): void {
    const { viewer, isController } = this.#options;
    if (!isController()) return;
    if (copied === 'too-large') {
      this.#refuse('out', 'too-large');
      return;
    }
    for (const piece of clipboardPieces(copied)) viewer.sendControl(piece);
  }

  #refuse(direction: 'in' | 'out', reason: 'policy' | 'too-large'): void {
    const { viewer, log } = this.#options;
    log.info({ direction, reason }, 'Held a clipboard back');
    viewer.sendControl({ type: 'clipboard-refused', direction, reason });
  }
}
