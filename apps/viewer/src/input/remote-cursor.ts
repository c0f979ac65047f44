import type { AgentControl } from '@vdi/protocol';
import { type CursorPicture, cursorStyle } from './cursor-style.ts';

type CursorMessage = Extract<AgentControl, { type: 'cursor' }>;

/** Desktops change between few cursors; what is dropped here comes with its picture again only from a new connection. */
const remembered = 1_024;

/** Draws the desktop's pointer as the browser's own, so that it moves without any latency. */
export class RemoteCursor {
  readonly #surface: HTMLElement;
  readonly #pictures = new Map<number, CursorPicture>();
  #current: CursorMessage | undefined;
  #scale = 1;
  #isShown = false;
  readonly #changed: (picture: CursorPicture | undefined) => void;

  /** @param changed told of every other picture; `undefined` while the desktop hides its pointer */
  constructor(surface: HTMLElement, changed: (picture: CursorPicture | undefined) => void) {
    this.#surface = surface;
    this.#changed = changed;
  }

  received(cursor: CursorMessage): void {
    this.#current = cursor;
    if (cursor.png !== undefined) this.#remember(cursor.serial, { png: cursor.png, hotspot: cursor.hotspot });
    this.#draw();
    this.#changed(cursor.visible ? this.#pictures.get(cursor.serial) : undefined);
  }

  /** @param scale CSS pixels for one pixel of the desktop */
  setScale(scale: number): void {
    if (scale === this.#scale) return;
    this.#scale = scale;
    this.#draw();
  }

  /** Who only watches keeps the browser's own pointer. */
  show(isShown: boolean): void {
    if (isShown === this.#isShown) return;
    this.#isShown = isShown;
    this.#draw();
  }

  /** A new connection numbers its cursors anew. */
  forget(): void {
    this.#pictures.clear();
    this.#current = undefined;
    this.#draw();
  }

  #remember(serial: number, picture: CursorPicture): void {
    this.#pictures.set(serial, picture);
    const [oldest] = this.#pictures.keys();
    if (this.#pictures.size > remembered && oldest !== undefined) this.#pictures.delete(oldest);
  }

  #draw(): void {
    this.#surface.style.cursor = this.#style();
  }

  #style(): string {
    if (!this.#current || !this.#isShown) return 'default';
    if (!this.#current.visible) return 'none';
    const picture = this.#pictures.get(this.#current.serial);
    return picture ? cursorStyle(picture, this.#scale) : 'default';
  }
}
