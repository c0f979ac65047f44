import type { Page } from 'playwright-core';
import { type BenchStand, displayProcesses, type DisplayProcesses, xSocketOf } from '../desktop/bench-stand.ts';
import { type Drawer, startDrawer } from '../drawer.ts';
import { pause } from '../pause.ts';
import { cpuSeconds } from '../process-usage.ts';
import { type Distribution, distributionOf, rounded } from '../statistics.ts';
import { type FrameReader, installFrameReader, setReading } from './frame-reader.ts';
import { marker } from './marker.ts';

export interface StreamNumbers {
  /** Milliseconds; see `drawToPresent`. */
  readonly drawToPresent720p: Distribution;
  /** Changes that were not seen within two seconds. */
  readonly missed: number;
  /** Frames a second that the browser presents while the whole window moves at 60 Hz. */
  readonly fps720p: number;
  /** Of one core, agent and X server together, one viewer connected, nothing changing. */
  readonly idleCpuPercent: number;
  /** The same during that motion. */
  readonly activeCpuPercent: number;
  readonly idleSeconds: number;
  readonly motionSeconds: number;
}

const idleSeconds = 30;
const motionSeconds = 15;
const seenWithinMs = 2_000;
/** So many in a row, and the picture has stopped: then there is nothing to measure. */
const mostMissedInARow = 5;

/** @param viewer shows the only desktop there is, at 1280x720 */
export async function measureStream(
  stand: BenchStand,
  viewer: Page,
  { samples, progress }: { readonly samples: number; readonly progress: (text: string) => void },
): Promise<StreamNumbers> {
  const { signal } = stand;
  await require720p(viewer);
  const processes = await displayProcesses(stand);
  // What a desktop does when it has just come up is not rest.
  await pause(5_000, signal);
  progress(`a still desktop for ${idleSeconds} s`);
  const idle = await cpuPercent(processes, idleSeconds, signal);

  await using drawer = await startDrawer(xSocketOf(stand));
  const reader = await installFrameReader(viewer);
  progress(`${samples} changes of the screen, one at a time`);
  await setReading(viewer, true);
  const { latencies, missed } = await drawToPresent(drawer, reader, samples, signal);
  await setReading(viewer, false);

  progress(`motion of the whole screen for ${motionSeconds} s`);
  drawer.move(true);
  // Rate control finds its level within the first second.
  await pause(2_000, signal);
  const [startedAt, framesBefore] = [performance.now(), await reader.presentedFrames()];
  const active = await cpuPercent(processes, motionSeconds, signal);
  const frames = (await reader.presentedFrames()) - framesBefore;
  const seconds = (performance.now() - startedAt) / 1000;
  drawer.move(false);
  return {
    drawToPresent720p: distributionOf(latencies),
    missed,
    fps720p: rounded(frames / seconds),
    idleCpuPercent: rounded(idle),
    activeCpuPercent: rounded(active),
    idleSeconds,
    motionSeconds,
  };
}

/**
 * From the moment at which a program begins to hand a drawing request to the X server, to the moment at which the browser calls
 * the page's frame callback for the first decoded frame that shows the whole change. In between lie the X server, capture,
 * encoder, network (loopback), jitter buffer, decoder and compositor; nothing is subtracted. Changes come one at a time, 180 to
 * 280 ms apart at random, so that none waits for another and none is in step with any clock.
 *
 * Both moments come from the same machine's clock. Resolution: 0.1 ms in the browser, microseconds in the program that draws.
 * Error: 0.1 ms between the two, and whatever the callback waits for the page's main thread, which is part of what people wait
 * for as well. Reading pixels comes after the moment is taken and is not part of it.
 */
async function drawToPresent(
  drawer: Drawer,
  reader: FrameReader,
  samples: number,
  signal: AbortSignal,
): Promise<{ readonly latencies: readonly number[]; readonly missed: number }> {
  const latencies: number[] = [];
  let missed = 0;
  let missedInARow = 0;
  for (let sample = 1; sample <= samples; sample += 1) {
    await pause(180 + Math.random() * 100, signal);
    // Far from the number before, so that half of a change is not taken for the whole.
    const value = (sample * 2_654_435) & marker.largest;
    const seen = reader.sees(value, seenWithinMs);
    const drawnAt = await drawer.draw(value);
    const seenAt = await seen;
    missedInARow = seenAt === undefined ? missedInARow + 1 : 0;
    if (missedInARow > mostMissedInARow) throw new Error('The browser shows no changes of the screen any more.');
    if (seenAt === undefined) missed += 1;
    else latencies.push(seenAt - drawnAt);
  }
  return { latencies, missed };
}

async function cpuPercent({ agent, xServer }: DisplayProcesses, seconds: number, signal: AbortSignal): Promise<number> {
  const used = (): number => [...agent, xServer].reduce((sum, pid) => sum + cpuSeconds(pid), 0);
  const [startedAt, before] = [performance.now(), used()];
  await pause(seconds * 1000, signal);
  return ((used() - before) * 100_000) / (performance.now() - startedAt);
}

async function require720p(viewer: Page): Promise<void> {
  const size = await viewer.evaluate<string>(
    "((video) => `${video.videoWidth}x${video.videoHeight}`)(document.querySelector('video'))",
  );
  if (size !== '1280x720') throw new Error(`The desktop is ${size} where 1280x720 was asked for.`);
}
