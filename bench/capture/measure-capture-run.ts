import { type Drawer, startDrawer } from '../drawer.ts';
import { pause } from '../pause.ts';
import { cpuSeconds, programOf, withDescendants } from '../process-usage.ts';
import { type Distribution, distributionOf, rounded } from '../statistics.ts';
import { marker } from '../stream/marker.ts';

export interface CaptureRun {
  /** Milliseconds from handing a change to the X server to having its encoded frame. */
  readonly drawToFrame: Distribution;
  /** Changes whose frame did not come within a second. */
  readonly missed: number;
  readonly idle: CpuShare;
  /** While the changes are timed, four or five a second. */
  readonly sparse: CpuShare;
  /** While the whole window moves at 60 Hz. */
  readonly motion: CpuShare;
  /** Encoded frames a second during that motion. */
  readonly motionFps: number;
}

/** Percent of one core. */
interface CpuShare {
  readonly agent: number;
  readonly server: number;
}

interface CaptureRunOptions {
  readonly samples: number;
  readonly signal: AbortSignal;
  /** Calls the listener with the size of every frame from now on; the answer stops that. */
  readonly frames: Frames;
}

type Frames = (listener: (bytes: number) => void) => () => void;

/** Frames of an unchanged screen are a few dozen bytes; the marker takes some hundred. */
const leastBytes = 60;
const seenWithinMs = 1_000;
const idleMs = 5_000;
const motionMs = 4_000;

export async function measureCaptureRun(display: string, options: CaptureRunOptions): Promise<CaptureRun> {
  const { signal, frames } = options;
  await using drawer = await startDrawer(display);
  const server = ownXServer();
  let count = 0;
  const stop = frames(() => (count += 1));
  await pause(2_000, signal);
  const idle = await cpuDuring(server, () => pause(idleMs, signal));
  const { latencies, sparse } = await measureChanges(drawer, server, options);
  drawer.move(true);
  await pause(500, signal);
  const before = count;
  const motion = await cpuDuring(server, () => pause(motionMs, signal));
  const motionFps = rounded(((count - before) * 1000) / motionMs);
  stop();
  const missed = options.samples - latencies.length;
  return { drawToFrame: distributionOf(latencies), missed, idle, sparse, motion, motionFps };
}

async function measureChanges(
  drawer: Drawer,
  server: number,
  { samples, signal, frames }: CaptureRunOptions,
): Promise<{ readonly latencies: readonly number[]; readonly sparse: CpuShare }> {
  const latencies: number[] = [];
  const sparse = await cpuDuring(server, async () => {
    for (let sample = 1; sample <= samples; sample += 1) {
      await pause(180 + Math.random() * 100, signal);
      const seen = nextChange(frames);
      const drawnAt = await drawer.draw((sample * 2_654_435) & marker.largest);
      const seenAt = await seen;
      if (seenAt !== undefined) latencies.push(seenAt - drawnAt);
    }
  });
  return { latencies, sparse };
}

/** When the next frame with something in it is there, in milliseconds since 1970. */
async function nextChange(frames: Frames): Promise<number | undefined> {
  const seen = Promise.withResolvers<number | undefined>();
  const stop = frames((bytes) => {
    if (bytes >= leastBytes) seen.resolve(performance.timeOrigin + performance.now());
  });
  const giveUp = setTimeout(() => seen.resolve(undefined), seenWithinMs);
  try {
    return await seen.promise;
  } finally {
    clearTimeout(giveUp);
    stop();
  }
}

async function cpuDuring(server: number, work: () => Promise<void>): Promise<CpuShare> {
  const [startedAt, usage, serverBefore] = [performance.now(), process.cpuUsage(), cpuSeconds(server)];
  await work();
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usage);
  return {
    agent: rounded((user + system) / 10 / elapsedMs),
    server: rounded(((cpuSeconds(server) - serverBefore) * 100_000) / elapsedMs),
  };
}

function ownXServer(): number {
  const server = withDescendants(process.pid).find((pid) => programOf(pid) === 'Xvfb');
  if (server === undefined) throw new Error('This process has no X server.');
  return server;
}
