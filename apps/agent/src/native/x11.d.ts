/** The parts of the package `x11` that the agent uses; it ships no types of its own. */
declare module 'x11' {
  import type { Socket } from 'node:net';

  /** Returns `true` when the error was dealt with; otherwise the client emits it. */
  type Callback<Result> = (error: Error | null | undefined, result: Result) => boolean | void;

  interface XEvent {
    readonly name: string;
    readonly type: number;
    readonly seq: number;
    readonly wid?: number;
    readonly [field: string]: unknown;
  }

  interface XDisplay {
    readonly client: XClient;
    readonly screen: readonly { readonly root: number; readonly root_depth: number; readonly root_visual: number }[];
    readonly min_keycode: number;
    readonly max_keycode: number;
    readonly resource_base: number;
    readonly resource_mask: number;
  }

  interface WindowAttributes {
    readonly klass: number;
    readonly mapState: number;
    readonly overrideRedirect: number;
  }

  interface XClient {
    readonly display: XDisplay;
    readonly seq_num: number;
    readonly stream: Socket;
    on(event: 'event', listener: (event: XEvent) => void): this;
    on(event: 'error', listener: (error: Error) => void): this;
    on(event: 'end', listener: () => void): this;
    off(event: 'event', listener: (event: XEvent) => void): this;
    require<Name extends keyof Extensions>(extension: Name, callback: Callback<Extensions[Name]>): void;
    AllocID(): number;
    ReleaseID(id: number): void;
    terminate(): void;
    sync(): Promise<void>;
    CreateWindow(...request: readonly [...numbers: number[], attributes: Readonly<Record<string, number>>]): void;
    DestroyWindow(window: number): void;
    MapWindow(window: number): void;
    UnmapWindow(window: number): void;
    CreateGC(context: number, drawable: number, values: Readonly<Record<string, number>>): void;
    ChangeGC(context: number, values: Readonly<Record<string, number>>): void;
    PolyFillRectangle(drawable: number, context: number, rectangles: readonly number[]): void;
    ChangeWindowAttributes(window: number, values: { readonly eventMask: number }): void;
    InternAtom(onlyIfExists: boolean, name: string, callback: Callback<number>): void;
    /** The data's length is in bytes; lists of numbers are written as wide as `bits` says. */
    ChangeProperty(
      ...request: readonly [
        mode: number,
        window: number,
        property: number,
        type: number,
        bits: number,
        data: Buffer | readonly number[],
      ]
    ): void;
    GetProperty(
      ...request: readonly [
        remove: number,
        window: number,
        property: number,
        type: number,
        offset: number,
        length: number,
        callback: Callback<{
          readonly type: number;
          readonly format: number;
          readonly bytesAfter: number;
          readonly data: Buffer;
        }>,
      ]
    ): void;
    SetSelectionOwner(owner: number, selection: number, time: number): void;
    ConvertSelection(requestor: number, selection: number, target: number, property: number, time: number): void;
    SendEvent(
      destination: number,
      propagate: number,
      eventMask: number,
      event: Readonly<Record<string, unknown>>,
    ): void;
    GetInputFocus(callback: Callback<unknown>): void;
    QueryTree(window: number, callback: Callback<{ readonly children: readonly number[] }>): void;
    GetWindowAttributes(window: number, callback: Callback<WindowAttributes>): void;
    GetGeometry(
      drawable: number,
      callback: Callback<{
        readonly width: number;
        readonly height: number;
        readonly xPos: number;
        readonly yPos: number;
      }>,
    ): void;
    GetKeyboardMapping(first: number, count: number, callback: Callback<readonly (readonly number[])[]>): void;
    ChangeKeyboardMapping(firstKeycode: number, keysymsPerKeycode: number, keysyms: readonly number[]): void;
    GetModifierMapping(callback: Callback<readonly (readonly number[])[]>): void;
    QueryKeymap(callback: Callback<Buffer>): void;
    QueryPointer(
      window: number,
      callback: Callback<{ readonly rootX: number; readonly rootY: number; readonly keyMask: number }>,
    ): void;
  }

  interface ClientOptions {
    readonly display: string;
    readonly shm?: 'off';
    readonly bufferRequests?: boolean;
  }

  interface Damage {
    Create(damage: number, drawable: number, level: number): void;
    Subtract(damage: number, repair: number, parts: number): void;
    Destroy(damage: number): void;
  }

  interface SharedMemoryImages {
    Attach(segment: number, id: number, readOnly: boolean, callback: Callback<unknown>): void;
    Detach(segment: number): void;
    GetImage(...request: readonly [...values: number[], callback: Callback<{ readonly size: number }>]): void;
  }

  interface TestInput {
    FakeInput(type: number, detail: number, delayMs: number, window: number, x: number, y: number): void;
  }

  interface CursorPicture {
    readonly width: number;
    readonly height: number;
    readonly xhot: number;
    readonly yhot: number;
    readonly cursorSerial: number;
    readonly cursorImage: Buffer;
  }

  interface Fixes {
    SelectCursorInput(window: number, mask: number): void;
    GetCursorImage(callback: Callback<CursorPicture>): void;
    SelectSelectionInput(window: number, selection: number, mask: number): void;
  }

  interface RandrMode {
    readonly id: number;
    readonly name: string;
    readonly width: number;
    readonly height: number;
  }

  interface Randr {
    SelectInput(window: number, mask: number): void;
    GetScreenResourcesCurrent(
      window: number,
      callback: Callback<{
        readonly crtcs: readonly number[];
        readonly outputs: readonly number[];
        readonly modeinfos: readonly RandrMode[];
      }>,
    ): void;
    CreateMode(window: number, mode: Readonly<Record<string, number | string>>, callback: Callback<number>): void;
    DestroyMode(mode: number): void;
    AddOutputMode(output: number, mode: number): void;
    DeleteOutputMode(output: number, mode: number): void;
    SetScreenSize(window: number, width: number, height: number, widthMm: number, heightMm: number): void;
    SetCrtcConfig(
      ...request: readonly [
        crtc: number,
        time: number,
        configTime: number,
        x: number,
        y: number,
        mode: number,
        rotation: number,
        outputs: readonly number[],
        callback: Callback<{ readonly status: number }>,
      ]
    ): void;
  }

  interface Extensions {
    readonly damage: Damage;
    readonly shm: SharedMemoryImages;
    readonly xtest: TestInput;
    readonly fixes: Fixes;
    readonly randr: Randr;
  }

  export function createClient(
    options: ClientOptions,
    callback: (error: Error | undefined, display: XDisplay) => void,
  ): XClient;
  export const eventMask: Readonly<Record<string, number>>;
}
