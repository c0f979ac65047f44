import type { ClipboardContent } from '@vdi/protocol';
import { eventMask, type XEvent } from 'x11';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import type { SelectionAtoms } from './selection-atoms.ts';

/*
 * The answering side of a selection: ICCCM 2.0 §2.2, and §2.7.2 for contents that go in steps (INCR).
 */

export interface SelectionOwnerOptions {
  readonly connection: XConnection;
  readonly atoms: SelectionAtoms;
  readonly clock: Clock;
}

interface Request {
  readonly requestor: number;
  readonly selection: number;
  readonly target: number;
  readonly property: number;
  readonly time: number;
}

/** A content under way to a program in steps. */
interface Transfer {
  readonly requestor: number;
  readonly property: number;
  readonly type: number;
  rest: Buffer;
  cancel: () => void;
}

/** What a property may hold at once: a request of the core protocol is at most 256 KiB. */
const stepBytes = 131_072;
/** A program that does not take a step within this time has lost interest. */
const stepWithinMs = 10_000;
const replace = 0;
const none = 0;
const bits = { byte: 8, word: 32 } as const;
const propertyDeleted = 1;

/** Owns the clipboard and hands it to the programs that paste. */
export class SelectionOwner implements Disposable {
  readonly window: number;
  readonly #options: SelectionOwnerOptions;
  readonly #transfers = new Set<Transfer>();
  #content: ClipboardContent | undefined;
  #ownedSince = 0;

  constructor(options: SelectionOwnerOptions) {
    const { client, root } = options.connection;
    this.#options = options;
    this.window = client.AllocID();
    client.CreateWindow(this.window, root, 0, 0, 1, 1, 0, 0, 0, 0, {});
    client.on('event', this.#received);
  }

  /** Takes the clipboard from whoever has it; at once, as far as later requests of this connection are concerned. */
  own(content: ClipboardContent): void {
    const { connection, atoms } = this.#options;
    this.#content = content;
    connection.client.SetSelectionOwner(this.window, atoms.CLIPBOARD, 0);
  }

  /** The server's time of the last change of owner, which is what programs are told of. */
  owned(since: number): void {
    this.#ownedSince = since;
  }

  [Symbol.dispose](): void {
    const { client } = this.#options.connection;
    client.off('event', this.#received);
    for (const transfer of this.#transfers) this.#finish(transfer);
    client.DestroyWindow(this.window);
  }

  readonly #received = (event: XEvent): void => {
    if (event.name === 'SelectionRequest' && event['owner'] === this.window) {
      this.#answer(event as unknown as Request);
    } else if (event.name === 'SelectionClear' && event['owner'] === this.window) {
      this.#content = undefined;
    } else if (event.name === 'PropertyNotify' && event['state'] === propertyDeleted) {
      for (const transfer of this.#transfers) {
        if (transfer.requestor === event.wid && transfer.property === event['atom']) this.#step(transfer);
      }
    }
  };

  #answer(request: Request): void {
    const { requestor, selection, target, time } = request;
    // Clients from before 1988 leave the property to us.
    const property = request.property === none ? target : request.property;
    const isAnswered = this.#give(requestor, property, target);
    this.#options.connection.client.SendEvent(requestor, 0, 0, {
      name: 'SelectionNotify',
      seq: 0,
      time,
      requestor,
      selection,
      target,
      property: isAnswered ? property : none,
    });
  }

  #give(requestor: number, property: number, target: number): boolean {
    const { connection, atoms } = this.#options;
    const { client } = connection;
    const content = this.#content;
    if (content === undefined) return false;
    const values = representations(content, atoms);
    if (target === atoms.TARGETS) {
      const targets = [atoms.TARGETS, atoms.TIMESTAMP, ...values.keys()];
      client.ChangeProperty(replace, requestor, property, atoms.ATOM, bits.word, targets);
      return true;
    }
    if (target === atoms.TIMESTAMP) {
      client.ChangeProperty(replace, requestor, property, atoms.INTEGER, bits.word, [this.#ownedSince]);
      return true;
    }
    const value = values.get(target);
    if (value === undefined) return false;
    const bytes = value.bytes();
    if (bytes.length <= stepBytes) client.ChangeProperty(replace, requestor, property, value.type, bits.byte, bytes);
    else this.#begin({ requestor, property, type: value.type, rest: bytes, cancel: () => undefined });
    return true;
  }

  #begin(transfer: Transfer): void {
    const { connection, atoms } = this.#options;
    const { requestor, property, rest } = transfer;
    this.#transfers.add(transfer);
    connection.client.ChangeWindowAttributes(requestor, { eventMask: eventMask['PropertyChange'] ?? 0 });
    connection.client.ChangeProperty(replace, requestor, property, atoms.INCR, bits.word, [rest.length]);
    this.#watch(transfer);
  }

  /** The program has taken a step away: the next, and an empty one at the end. */
  #step(transfer: Transfer): void {
    const { requestor, property, type } = transfer;
    const step = transfer.rest.subarray(0, stepBytes);
    transfer.rest = transfer.rest.subarray(stepBytes);
    this.#options.connection.client.ChangeProperty(replace, requestor, property, type, bits.byte, step);
    if (step.length === 0) this.#finish(transfer);
    else this.#watch(transfer);
  }

  #watch(transfer: Transfer): void {
    transfer.cancel();
    transfer.cancel = this.#options.clock.after(stepWithinMs, () => this.#finish(transfer));
  }

  #finish(transfer: Transfer): void {
    transfer.cancel();
    if (!this.#transfers.delete(transfer)) return;
    const isInUse = [...this.#transfers].some(({ requestor }) => requestor === transfer.requestor);
    if (!isInUse) this.#options.connection.client.ChangeWindowAttributes(transfer.requestor, { eventMask: 0 });
  }
}

interface Representation {
  readonly type: number;
  bytes(): Buffer;
}

/** Under which names programs may ask for `content`, the best first. */
function representations(
  { format, bytes }: ClipboardContent,
  atoms: SelectionAtoms,
): ReadonlyMap<number, Representation> {
  const whole = (): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (format === 'png') return new Map([[atoms['image/png'], { type: atoms['image/png'], bytes: whole }]]);
  const utf8 = [atoms.UTF8_STRING, atoms['text/plain;charset=utf-8'], atoms['text/plain']] as const;
  return new Map<number, Representation>([
    ...utf8.map((type) => [type, { type, bytes: whole }] as const),
    [atoms.TEXT, { type: atoms.UTF8_STRING, bytes: whole }],
    [atoms.STRING, { type: atoms.STRING, bytes: () => latin1(whole().toString('utf8')) }],
  ]);
}

/** What old programs understand; the rest as question marks. */
function latin1(text: string): Buffer {
  return Buffer.from(text.replace(/[^\p{ASCII}\u0080-\u00ff]/gu, '?'), 'latin1');
}
