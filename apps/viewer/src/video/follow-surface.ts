import type { Size } from '@vdi/protocol';

/**
 * Tells the size of `surface` in CSS pixels now, whenever it changes, and whenever the display's pixel ratio does (another
 * monitor, browser zoom).
 */
export function followSurface(surface: HTMLElement, changed: (size: Size) => void): Disposable {
  const measure = (): void => {
    const { width, height } = surface.getBoundingClientRect();
    if (width > 0 && height > 0) changed({ width, height });
  };
  const observer = new ResizeObserver(measure);
  observer.observe(surface);

  const stopped = new AbortController();
  const watchRatio = (): void => {
    matchMedia(`(resolution: ${devicePixelRatio}dppx)`).addEventListener(
      'change',
      () => {
        watchRatio();
        measure();
      },
      { once: true, signal: stopped.signal },
    );
  };
  watchRatio();

  return {
    [Symbol.dispose]() {
      observer.disconnect();
      stopped.abort();
    },
  };
}
