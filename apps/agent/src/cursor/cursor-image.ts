/** What the pointer looks like. The browser draws it, so that it moves without delay; video never contains it. */
export interface CursorImage {
  /** The same number means the same picture. */
  readonly serial: number;
  readonly visible: boolean;
  /** The pixel of the picture that points. */
  readonly hotspot: { readonly x: number; readonly y: number };
  readonly png: Buffer;
}
