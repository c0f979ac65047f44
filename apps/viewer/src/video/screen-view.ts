import type { Size, ViewerControl } from '@vdi/protocol';
import { desiredViewport, type Resolution } from './desired-viewport.ts';
import { followSurface } from './follow-surface.ts';
import { isOnScreen, type Placement, placeScreen, type Point, toScreenPoint, toSurfacePoint } from './place-screen.ts';
import { answered, asked, measured, type ResizeRequests, resizeStep } from './resize-requests.ts';

export interface ScreenViewOptions {
  readonly video: HTMLVideoElement;
  readonly surface: HTMLElement;
  /** @returns whether it was sent: only who drives the desktop sizes it */
  send(message: Extract<ViewerControl, { type: 'resize' }>): boolean;
  readonly resolution: Resolution;
  /** The picture moved; `scale` is CSS pixels for one pixel of the desktop. */
  placed(scale: number): void;
}

/** Lays the picture out on the surface, maps points between the two, and asks the desktop to take the surface's size. */
export class ScreenView implements Disposable {
  readonly #options: ScreenViewOptions;
  readonly #follower: Disposable;
  #surfaceSize: Size;
  #screen: Size | undefined;
  #placement: Placement | undefined;
  #resolution: Resolution;
  #requests: ResizeRequests = {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ScreenViewOptions) {
    this.#options = options;
    this.#resolution = options.resolution;
    const { width, height } = options.surface.getBoundingClientRect();
    this.#surfaceSize = { width: Math.max(width, 1), height: Math.max(height, 1) };
    styleVideo(options.video);
    this.#follower = followSurface(options.surface, (size) => {
      this.#surfaceSize = size;
      this.#layOut();
      this.askForSize();
    });
  }

  /** The screen size that suits the surface. */
  get viewport(): Size {
    return desiredViewport(this.#surfaceSize, devicePixelRatio, this.#resolution);
  }

  setResolution(resolution: Resolution): void {
    this.#resolution = resolution;
    this.askForSize();
  }

  /** The desktop has this size now. */
  setScreen(screen: Size): void {
    this.#screen = screen;
    this.#requests = answered(this.#requests);
    this.#layOut();
    this.askForSize();
  }

  /** A new connection: its hello asked for `viewport`, and its welcome told the screen as it was then. */
  connected(viewport: Size, screen: Size): void {
    this.#requests = asked(this.#requests, viewport, performance.now());
    this.#screen = screen;
    this.#layOut();
  }

  askForSize(): void {
    const now = performance.now();
    this.#requests = measured(this.#requests, this.viewport, now);
    clearTimeout(this.#timer);
    const step = resizeStep(this.#requests, now);
    if (step.kind === 'wait') this.#timer = setTimeout(() => this.askForSize(), step.milliseconds);
    if (step.kind !== 'ask' || !this.#options.send({ type: 'resize', viewport: step.size })) return;
    this.#requests = asked(this.#requests, step.size, now);
  }

  /** @returns the desktop's pixel under a point of the page (`clientX`, `clientY`); undefined without a picture */
  screenPoint(clientX: number, clientY: number): (Point & { readonly isOnScreen: boolean }) | undefined {
    if (!this.#placement || !this.#screen) return undefined;
    const { left, top } = this.#options.surface.getBoundingClientRect();
    const point = { x: clientX - left, y: clientY - top };
    return {
      ...toScreenPoint(point, this.#placement, this.#screen),
      isOnScreen: isOnScreen(point, this.#placement),
    };
  }

  /** @returns where a pixel of the desktop is on the surface; undefined without a picture */
  surfacePoint(pixel: Point): Point | undefined {
    return this.#placement && this.#screen && toSurfacePoint(pixel, this.#placement, this.#screen);
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#follower[Symbol.dispose]();
  }

  #layOut(): void {
    if (!this.#screen) return;
    const placement = placeScreen(this.#surfaceSize, this.#screen, devicePixelRatio);
    this.#placement = placement;
    const { style } = this.#options.video;
    style.left = `${placement.left}px`;
    style.top = `${placement.top}px`;
    style.width = `${placement.width}px`;
    style.height = `${placement.height}px`;
    style.imageRendering = placement.isExact ? 'pixelated' : 'auto';
    this.#options.placed(placement.width / this.#screen.width);
  }
}

/** Frames of the size before last may still arrive during a resize: `contain` shows them whole. */
function styleVideo({ style }: HTMLVideoElement): void {
  style.position = 'absolute';
  style.objectFit = 'contain';
}
