/** What viewers do to the desktop. Whether they may is decided by the caller. */
export interface InputSink {
  /** @param code the physical key (`KeyboardEvent.code`) @param key what the viewer's layout makes of it (`KeyboardEvent.key`) */
  key(code: string, key: string, down: boolean): void;
  /** Types `text` at once. */
  text(text: string): void;
  /** The codes that the viewer still holds, once a second while there are any. */
  held(codes: readonly string[]): void;
  /** @param button as in `MouseEvent.button` */
  button(button: number, down: boolean, x: number, y: number): void;
  motion(x: number, y: number): void;
  /** @param dx pixels to the right @param dy pixels down */
  wheel(dx: number, dy: number, x: number, y: number): void;
  /** Releases every key and button. */
  releaseAll(): void;
}

/** In pixels of the screen. */
export interface PointerPlace {
  readonly x: number;
  readonly y: number;
}
