import type { CommandKey } from './input/keyboard-state.ts';
import type { Resolution } from './video/desired-viewport.ts';
import type { ViewerSnapshot } from './viewer-snapshot.ts';

export interface ViewerOptions {
  /** Shows the desktop. Lies inside `surface`; its place is set by the viewer. */
  readonly video: HTMLVideoElement;
  /** Takes pointer and keyboard; its size is the space for the desktop. It must be positioned (`position: relative`). */
  readonly surface: HTMLElement;
  /** The agent's WebSocket, `ws:` or `wss:`; `http:` and `https:` are understood. */
  readonly signalUrl: string | URL;
  /** Where tickets are renewed by POST. */
  readonly renewUrl: string | URL;
  /** What screen readers say of the focused desktop. */
  readonly label?: string;
  readonly resolution?: Resolution;
  readonly commandKey?: CommandKey;
  /** Shortcuts of the page around the desktop: `true` keeps the event from the desktop. */
  readonly shortcut?: (event: KeyboardEvent) => boolean;
}

/** A desktop in a page, until it is disposed. It reconnects by itself. */
export interface ViewerConnection extends Disposable {
  /** What there is to show; with `subscribe`, what React's `useSyncExternalStore` takes. */
  readonly snapshot: () => ViewerSnapshot;
  /** @returns a function that ends the subscription */
  readonly subscribe: (listener: () => void) => () => void;
  /** Gives the keyboard to the desktop. */
  focus(): void;
  /** Brings up the on-screen keyboard; call it from a tap. */
  showKeyboard(): void;
  /** Types `text` on the desktop, whatever its keyboard layout. */
  type(text: string): void;
  /** Puts `text` on the desktop's clipboard. @returns false when it was not sent: too long, against the policy, or not connected */
  copyToDesktop(text: string): boolean;
  /** Puts what was copied on the desktop on this machine's clipboard; call it from a click. @returns whether the browser let it */
  copyFromDesktop(): Promise<boolean>;
  /** Starts one of `welcome.applications`. */
  launch(application: string): void;
  /** Asks for control, takes it (owner), gives it to a viewer, or gives it up. */
  control(action: 'request' | 'take' | 'release' | 'give', to?: string): void;
  setResolution(resolution: Resolution): void;
  setCommandKey(commandKey: CommandKey): void;
  /** Statistics of the current connection; undefined without one. */
  statistics(): Promise<RTCStatsReport | undefined>;
  /** Tries again now instead of waiting. */
  retryNow(): void;
  /** Ends the connection for good; the desktop goes on. */
  leave(): void;
}
