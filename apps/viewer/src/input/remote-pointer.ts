import type { Point } from '../video/place-screen.ts';
import type { CursorPicture } from './cursor-style.ts';

/** Where the desktop's pointer is and what it looks like, for who watches somebody else drive. */
export class RemotePointer implements Disposable {
  readonly #image = document.createElement('img');
  #picture: CursorPicture | undefined;
  #place: Point | undefined;
  #scale = 1;
  #isWanted = true;

  constructor(surface: HTMLElement) {
    this.#image.className = 'remote-pointer';
    this.#image.alt = '';
    this.#image.draggable = false;
    this.#image.hidden = true;
    Object.assign(this.#image.style, {
      position: 'absolute',
      left: '0',
      top: '0',
      pointerEvents: 'none',
      transformOrigin: '0 0',
    });
    surface.append(this.#image);
  }

  /** @param picture `undefined` while the desktop hides its pointer */
  show(picture: CursorPicture | undefined): void {
    if (picture && picture.png !== this.#picture?.png) this.#image.src = `data:image/png;base64,${picture.png}`;
    this.#picture = picture;
    this.#draw();
  }

  /** @param place on the surface, in CSS pixels @param scale CSS pixels for one pixel of the desktop */
  moveTo(place: Point | undefined, scale: number): void {
    this.#place = place;
    this.#scale = scale;
    this.#draw();
  }

  /** Only who watches needs it. */
  want(isWanted: boolean): void {
    this.#isWanted = isWanted;
    this.#draw();
  }

  [Symbol.dispose](): void {
    this.#image.remove();
  }

  #draw(): void {
    const [picture, place] = [this.#picture, this.#place];
    this.#image.hidden = !this.#isWanted || !picture || !place;
    if (!picture || !place) return;
    const left = place.x - picture.hotspot.x * this.#scale;
    const top = place.y - picture.hotspot.y * this.#scale;
    this.#image.style.transform = `translate(${left}px, ${top}px) scale(${this.#scale})`;
  }
}
