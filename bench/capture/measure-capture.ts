import type { Size } from '@vdi/protocol';
import { createLogger } from '@vdi/telemetry';
import { startDesktop } from '../../apps/agent/src/display/start-desktop.ts';
import { type CaptureRun, measureCaptureRun } from './measure-capture-run.ts';
import { openPolledCapture } from './open-polled-capture.ts';

interface CaptureComparison {
  /** The agent's own: an encoder that is fed when something was drawn. */
  readonly damageTriggered: CaptureRun;
  /** What most streaming servers do: `ximagesrc` asked sixty times a second. */
  readonly polled: CaptureRun;
}

/** By size of the screen: `1280x720`. */
export type CaptureNumbers = Readonly<Record<string, CaptureComparison>>;

export interface CaptureOptions {
  readonly samples: number;
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

const sizes: readonly Size[] = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
];
const log = createLogger({ name: 'bench', level: 'warn' });

/**
 * From drawing to the encoded frame, and what it costs: the agent's capture and encoder in this very process, against an X
 * server of their own, without network and browser.
 */
export async function measureCapture(options: CaptureOptions): Promise<CaptureNumbers> {
  const numbers: Record<string, CaptureComparison> = {};
  for (const size of sizes) {
    const name = `${size.width}x${size.height}`;
    options.progress(`${name}, captured when something is drawn`);
    const damageTriggered = await measureOwn(size, options);
    options.progress(`${name}, captured sixty times a second`);
    const polled = await measurePolled(size, options);
    numbers[name] = { damageTriggered, polled };
  }
  return numbers;
}

async function measureOwn(size: Size, options: CaptureOptions): Promise<CaptureRun> {
  await using desktop = await startDesktop({ screen: size, log });
  const video = await desktop.openVideo('h264');
  // One viewer throughout: a new one would ask for a keyframe.
  const listeners = new Set<(bytes: number) => void>();
  video.onFrame(({ data }) => {
    for (const listener of listeners) listener(data.length);
  });
  return await measureCaptureRun(desktop.display, {
    ...options,
    frames: (listener) => subscribed(listeners, listener),
  });
}

async function measurePolled(size: Size, options: CaptureOptions): Promise<CaptureRun> {
  await using desktop = await startDesktop({ screen: size, log });
  const listeners = new Set<(bytes: number) => void>();
  await using _capture = await openPolledCapture(desktop.display, (bytes) => {
    for (const listener of listeners) listener(bytes);
  });
  return await measureCaptureRun(desktop.display, {
    ...options,
    frames: (listener) => subscribed(listeners, listener),
  });
}

function subscribed<Listener>(listeners: Set<Listener>, listener: Listener): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}
