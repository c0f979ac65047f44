import type { AgentControl, Motion, Size } from '@vdi/protocol';
import { DesktopClipboard } from './clipboard/desktop-clipboard.ts';
import { textContent } from './clipboard/pasted-content.ts';
import { DesktopInput } from './input/desktop-input.ts';
import type { CommandKey } from './input/keyboard-state.ts';
import { RemoteCursor } from './input/remote-cursor.ts';
import { RemotePointer } from './input/remote-pointer.ts';
import { createStore, type Store } from './store.ts';
import { Reconnector } from './transport/reconnector.ts';
import type { Welcome } from './transport/viewer-link.ts';
import type { ViewerPhase } from './transport/viewer-phase.ts';
import type { Resolution } from './video/desired-viewport.ts';
import type { Point } from './video/place-screen.ts';
import { ScreenView } from './video/screen-view.ts';
import type { ViewerConnection, ViewerOptions } from './viewer-connection.ts';
import { mayDrive, type ViewerSnapshot } from './viewer-snapshot.ts';

const isMac = /mac|iphone|ipad/i.test(globalThis.navigator?.platform ?? '');

/** Puts the parts together: what the agent says changes the snapshot, and the snapshot decides what input may do. */
export class Viewer implements ViewerConnection {
  readonly #store: Store<ViewerSnapshot>;
  readonly #cursor: RemoteCursor;
  readonly #pointer: RemotePointer;
  readonly #clipboard: DesktopClipboard;
  readonly #view: ScreenView;
  readonly #reconnector: Reconnector;
  readonly #input: DesktopInput;
  #pointerPlace: Point | undefined;
  #scale = 1;

  constructor(options: ViewerOptions) {
    const { surface, video, resolution = 'sharp', commandKey = 'control' } = options;
    this.#store = createStore<ViewerSnapshot>({
      phase: { name: 'connecting' },
      hasPicture: false,
      resolution,
      commandKey,
    });
    this.#pointer = new RemotePointer(surface);
    this.#cursor = new RemoteCursor(surface, (picture) => this.#pointer.show(picture));
    this.#clipboard = new DesktopClipboard({
      policy: () => this.#store.get().welcome?.clipboard ?? 'both',
      send: (piece) => this.#reconnector.send(piece),
      copied: (desktopClipboard) => this.#change({ desktopClipboard }),
      refused: (clipboardRefusal) => this.#change({ clipboardRefusal }),
    });
    this.#view = new ScreenView({
      video,
      surface,
      resolution,
      send: (message) => this.#drives && this.#reconnector.send(message),
      placed: (scale) => {
        this.#scale = scale;
        this.#cursor.setScale(scale);
        this.#drawPointer();
      },
    });
    this.#reconnector = new Reconnector({
      video,
      signalUrl: socketUrl(options.signalUrl),
      renewUrl: new URL(options.renewUrl, document.baseURI),
      viewport: () => this.#view.viewport,
      phaseChanged: (phase) => this.#phaseChanged(phase),
      session: {
        welcomed: (welcome, asked) => this.#welcomed(welcome, asked),
        warned: (warning) => this.#change({ warning }),
        roundTrip: (roundTripMs) => this.#change({ roundTripMs }),
        received: (message) => this.#received(message),
        pointer: (motion) => this.#pointerMoved(motion),
      },
    });
    this.#input = new DesktopInput({
      surface,
      view: this.#view,
      label: options.label ?? 'Remote desktop',
      keyboard: () => ({ isMac, commandKey: this.#store.get().commandKey }),
      mayDrive: () => this.#drives,
      send: (message) => this.#reconnector.send(message),
      paste: (content) => void this.#clipboard.put(content),
      sendMotion: (x, y) => this.#reconnector.sendMotion(x, y),
      shortcut: options.shortcut ?? (() => false),
    });
  }

  start(): void {
    this.#reconnector.start();
  }

  // Fields, because React and others call them without their object.
  readonly snapshot = (): ViewerSnapshot => this.#store.get();
  readonly subscribe = (listener: () => void): (() => void) => this.#store.subscribe(listener);

  focus(): void {
    this.#input.focus();
  }

  showKeyboard(): void {
    this.#input.showKeyboard();
  }

  type(text: string): void {
    this.#input.type(text);
  }

  copyToDesktop(text: string): boolean {
    return this.#drives && this.#clipboard.put(textContent(text));
  }

  async copyFromDesktop(): Promise<boolean> {
    const { desktopClipboard } = this.#store.get();
    return desktopClipboard !== undefined && (await this.#clipboard.writeLocal(desktopClipboard));
  }

  launch(application: string): void {
    this.#reconnector.send({ type: 'launch', application });
  }

  control(action: 'request' | 'take' | 'release' | 'give', to?: string): void {
    this.#reconnector.send({ type: 'control', action, ...(to !== undefined && { to }) });
  }

  setResolution(resolution: Resolution): void {
    this.#view.setResolution(resolution);
    this.#change({ resolution });
  }

  setCommandKey(commandKey: CommandKey): void {
    this.#input.releaseAll();
    this.#change({ commandKey });
  }

  statistics(): Promise<RTCStatsReport | undefined> {
    return this.#reconnector.statistics();
  }

  retryNow(): void {
    this.#reconnector.retryNow();
  }

  leave(): void {
    this.#reconnector.leave();
  }

  [Symbol.dispose](): void {
    this.#input[Symbol.dispose]();
    this.#reconnector[Symbol.dispose]();
    this.#view[Symbol.dispose]();
    this.#clipboard[Symbol.dispose]();
    this.#pointer[Symbol.dispose]();
  }

  get #drives(): boolean {
    return mayDrive(this.#store.get());
  }

  #change(part: Partial<ViewerSnapshot>): void {
    const drove = this.#drives;
    this.#store.set({ ...this.#store.get(), ...part });
    if (this.#drives === drove) return;
    this.#cursor.show(this.#drives);
    this.#pointer.want(!this.#drives);
    // Who drives sizes the desktop; who stops driving must not leave keys down.
    if (drove) this.#input.releaseAll();
    else this.#view.askForSize();
  }

  #phaseChanged(phase: ViewerPhase): void {
    this.#change({ phase, hasPicture: this.#store.get().hasPicture || phase.name === 'streaming' });
  }

  #welcomed(welcome: Welcome, asked: Size): void {
    this.#cursor.forget();
    this.#clipboard.forget();
    this.#pointerPlace = undefined;
    const { phase, hasPicture, resolution, commandKey } = this.#store.get();
    this.#store.set({ phase, hasPicture, resolution, commandKey, welcome, screen: welcome.screen });
    this.#view.connected(asked, welcome.screen);
  }

  #pointerMoved({ x, y }: Motion): void {
    this.#pointerPlace = { x, y };
    this.#drawPointer();
  }

  #drawPointer(): void {
    this.#pointer.moveTo(this.#pointerPlace && this.#view.surfacePoint(this.#pointerPlace), this.#scale);
  }

  #received(message: AgentControl): void {
    switch (message.type) {
      case 'cursor':
        this.#cursor.received(message);
        return;
      case 'screen':
        this.#change({ screen: message.screen });
        this.#view.setScreen(message.screen);
        return;
      case 'viewers':
        this.#change({ viewers: message });
        return;
      case 'stream':
        this.#change({ stream: message });
        return;
      case 'clipboard':
        this.#clipboard.received(message);
        return;
      case 'launched':
        this.#change({ launched: message });
        return;
      case 'clipboard-refused':
        this.#change({ clipboardRefusal: message });
        return;
      case 'pong':
    }
  }
}

function socketUrl(address: string | URL): URL {
  const url = new URL(address, document.baseURI);
  url.protocol = url.protocol.replace(/^http/, 'ws');
  return url;
}
