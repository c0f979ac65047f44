import { type ClipboardContent, clipboardLimitBytes } from '@vdi/protocol';
import { eventMask, type XEvent } from 'x11';
import type { Clock } from '../clock.ts';
import type { XConnection } from '../display/x-connection.ts';
import type { Copied } from './clipboard.ts';
import type { SelectionAtoms } from './selection-atoms.ts';

/*
 * The asking side of a selection: ICCCM 2.0 §2.4, and §2.7.2 for contents that come in steps (INCR). Each question has a
 * window of its own, which is gone afterwards: whoever still writes to it learns that nobody reads.
 */

/** A program that takes longer for one step has hung or ended. */
const stepWithinMs = 5000;
const none = 0;
const anyType = 0;
const newValue = 0;
const bytesPerUnit = 4;

interface Property {
  readonly type: number;
  readonly format: number;
  readonly bytesAfter: number;
  readonly data: Buffer;
}

export interface SelectionReading {
  readonly connection: XConnection;
  readonly atoms: SelectionAtoms;
  readonly clock: Clock;
}

/** What the owner of the clipboard offers: text before a picture. `undefined` when it is neither, or nobody answers. */
export async function readSelection(reading: SelectionReading): Promise<Copied | undefined> {
  const { atoms } = reading;
  const targets = await convert(reading, atoms.TARGETS);
  if (targets === undefined || targets === 'too-large') return undefined;
  const offered = new Set(Array.from({ length: targets.length >> 2 }, (_, index) => targets.readUInt32LE(index * 4)));
  const utf8 = [atoms.UTF8_STRING, atoms['text/plain;charset=utf-8']].find((target) => offered.has(target));
  if (utf8 !== undefined) return contentOf('text', await convert(reading, utf8));
  if (offered.has(atoms.STRING)) {
    const latin1 = await convert(reading, atoms.STRING);
    return contentOf('text', Buffer.isBuffer(latin1) ? Buffer.from(latin1.toString('latin1')) : latin1);
  }
  return offered.has(atoms['image/png']) ? contentOf('png', await convert(reading, atoms['image/png'])) : undefined;
}

function contentOf(format: ClipboardContent['format'], bytes: Buffer | 'too-large' | undefined): Copied | undefined {
  if (bytes === undefined || bytes === 'too-large') return bytes;
  if (bytes.length > clipboardLimitBytes) return 'too-large';
  return bytes.length === 0 ? undefined : { format, bytes: new Uint8Array(bytes) };
}

/** Asks the owner for the clipboard as `target`. */
async function convert(reading: SelectionReading, target: number): Promise<Buffer | 'too-large' | undefined> {
  const { connection, atoms } = reading;
  const { client, root } = connection;
  const window = client.AllocID();
  const property = atoms.VDI_CLIPBOARD;
  client.CreateWindow(window, root, 0, 0, 1, 1, 0, 0, 0, 0, { eventMask: eventMask['PropertyChange'] ?? 0 });
  const steps = new EventQueue(reading, window);
  try {
    client.ConvertSelection(window, atoms.CLIPBOARD, target, property, 0);
    const answer = await steps.next((event) => event.name === 'SelectionNotify');
    if (answer === undefined || answer['property'] === none) return undefined;
    const whole = await takeProperty(reading, window);
    return whole.type === atoms.INCR ? await takeInSteps(reading, window, steps) : fitting(whole);
  } finally {
    steps.end();
    client.DestroyWindow(window);
    client.ReleaseID(window);
  }
}

/** Taking the property away asks for the next step; an empty one is the end. */
async function takeInSteps(
  reading: SelectionReading,
  window: number,
  steps: EventQueue,
): Promise<Buffer | 'too-large' | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const step = await steps.next((event) => event.name === 'PropertyNotify' && event['state'] === newValue);
    if (step === undefined) return undefined;
    const part = fitting(await takeProperty(reading, window));
    if (part === 'too-large' || bytes + part.length > clipboardLimitBytes) return 'too-large';
    if (part.length === 0) return Buffer.concat(parts);
    parts.push(part);
    bytes += part.length;
  }
}

function fitting({ bytesAfter, data }: Property): Buffer | 'too-large' {
  return bytesAfter > 0 ? 'too-large' : Buffer.from(data);
}

async function takeProperty({ connection, atoms }: SelectionReading, window: number): Promise<Property> {
  const units = clipboardLimitBytes / bytesPerUnit + 1;
  return await connection.reply<Property>((done) =>
    connection.client.GetProperty(1, window, atoms.VDI_CLIPBOARD, anyType, 0, units, done),
  );
}

/** Events of one window, kept until they are asked for. */
class EventQueue {
  readonly #reading: SelectionReading;
  readonly #window: number;
  readonly #events: XEvent[] = [];
  #wake: () => void = () => undefined;

  constructor(reading: SelectionReading, window: number) {
    this.#reading = reading;
    this.#window = window;
    reading.connection.client.on('event', this.#received);
  }

  /** The next event that `isWanted`; those before it are dropped. `undefined` when none comes in time. */
  async next(isWanted: (event: XEvent) => boolean): Promise<XEvent | undefined> {
    const { clock } = this.#reading;
    const deadline = clock.nowMs() + stepWithinMs;
    for (;;) {
      const event = this.#events.shift();
      if (event && isWanted(event)) return event;
      if (event) continue;
      const remainingMs = deadline - clock.nowMs();
      if (remainingMs <= 0) return undefined;
      const more = Promise.withResolvers<void>();
      this.#wake = () => more.resolve();
      const cancel = clock.after(remainingMs, this.#wake);
      await more.promise;
      cancel();
    }
  }

  end(): void {
    this.#reading.connection.client.off('event', this.#received);
  }

  readonly #received = (event: XEvent): void => {
    const window = event.name === 'SelectionNotify' ? event['requestor'] : event.wid;
    if (window !== this.#window) return;
    this.#events.push(event);
    this.#wake();
  };
}
