import type { Size } from '@vdi/protocol';
import type { Clipboard } from '../clipboard/clipboard.ts';
import type { CursorImage } from '../cursor/cursor-image.ts';
import type { EncoderProbe } from '../encode/probe-encoders.ts';
import type { Codec, VideoSource } from '../encode/video-source.ts';
import type { InputSink, PointerPlace } from '../input/input-sink.ts';

/** The screen that sessions draw on: the X server, its connections, and everything that looks at it or acts on it. */
export interface Desktop extends AsyncDisposable {
  /** For DISPLAY: `:0`. */
  readonly display: string;
  readonly screen: Size;
  /** Mapped top-level windows. */
  readonly windows: number;
  /** When X took connections and had its first mode. */
  readonly readyAt: Date;
  /** When the first window was mapped. */
  readonly windowsReadyAt: Date | undefined;
  readonly lastInputAt: Date | undefined;
  /** What became of each encoder that was tried, for the status page. */
  readonly encoders: readonly EncoderProbe[];
  /** Settles when the X server or a connection to it has ended unasked: there is nothing left to show. */
  readonly failed: Promise<Error>;
  readonly input: InputSink;
  readonly clipboard: Clipboard;
  /** Sets the screen to `viewport`, made even and kept within the maximum. Calls are carried out in order. @returns what it became */
  resize(viewport: Size): Promise<Size>;
  /** The stream of `codec`, one per codec, shared. The first call finds an encoder. @throws EncoderError when none works, with every reason */
  openVideo(codec: Codec): Promise<VideoSource>;
  /** Tells the present cursor at once and every change; the result ends it. */
  onCursor(listener: (cursor: CursorImage) => void): () => void;
  /** Tells where viewers have put the pointer, from the last place on; the result ends it. */
  onPointer(listener: (place: PointerPlace) => void): () => void;
  /** Tells every new size of the screen; the result ends it. */
  onScreen(listener: (screen: Size) => void): () => void;
}
