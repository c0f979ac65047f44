/**
 * How long it takes from drawing to the encoded frame, and what it costs: `node bench/capture.ts [changes]`.
 * The baseline in the same run is what most streaming servers do: `ximagesrc` polled sixty times a second.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Size } from '@vdi/protocol';
import { createLogger } from '@vdi/telemetry';
import { startDesktop } from '../apps/agent/src/display/start-desktop.ts';
import { loadGStreamer } from '../apps/agent/src/native/gstreamer.ts';

interface Measurement {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly missing: number;
}

type Frames = (listener: (bytes: number) => void) => () => void;

const changes = Number(process.argv[2] ?? 100);
const ticksPerSecond = 100; // USER_HZ, fixed in Linux's interface
/** Frames of an unchanged screen are a few dozen bytes; the marker takes some hundred. */
const leastBytes = 60;

for (const size of [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] satisfies Size[]) {
  const own = await measureOwn(size);
  report(`${size.width}x${size.height} damage-triggered`, own);
  const polled = await measurePolled(size);
  report(`${size.width}x${size.height} ximagesrc at 60 Hz`, polled);
  console.log(
    `  ratio p50 ${ratio(own.latency.p50, polled.latency.p50)}, p90 ${ratio(own.latency.p90, polled.latency.p90)}`,
  );
}

interface Run {
  readonly latency: Measurement;
  readonly idle: Cpu;
  readonly sparse: Cpu;
  readonly motion: Cpu;
  readonly motionFps: number;
}

async function measureOwn(size: Size): Promise<Run> {
  await using desktop = await startDesktop({ screen: size, log: createLogger({ name: 'bench', level: 'warn' }) });
  const video = await desktop.openVideo('h264');
  // One viewer throughout: a new one would ask for a keyframe.
  const listeners = new Set<(bytes: number) => void>();
  video.onFrame(({ data }) => {
    for (const listener of listeners) listener(data.length);
  });
  return await measure(desktop.display, (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  });
}

async function measurePolled(size: Size): Promise<Run> {
  await using desktop = await startDesktop({ screen: size, log: createLogger({ name: 'bench', level: 'warn' }) });
  const gstreamer = await loadGStreamer();
  const pipeline = gstreamer.launch(
    `ximagesrc display-name=${desktop.display} use-damage=false show-pointer=false ! video/x-raw,framerate=60/1 ! videoconvert ! video/x-raw,format=I420 ! x264enc tune=zerolatency speed-preset=ultrafast sliced-threads=true threads=2 byte-stream=true key-int-max=2147483647 pass=quant quantizer=20 ! appsink name=sink sync=false max-buffers=1 drop=true`,
  );
  const sink = gstreamer.element(pipeline, 'sink');
  await gstreamer.play(pipeline);
  const listeners = new Set<(bytes: number) => void>();
  const ending = new AbortController();
  const pulling = (async () => {
    while (!ending.signal.aborted) {
      const frame = await gstreamer.pull(sink, 250);
      if (frame) for (const listener of listeners) listener(frame.length);
    }
  })();
  try {
    return await measure(desktop.display, (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    });
  } finally {
    ending.abort();
    await pulling;
    await gstreamer.stop(pipeline);
    for (const object of [sink, pipeline]) gstreamer.release(object);
  }
}

async function measure(display: string, frames: Frames): Promise<Run> {
  const drawer = fork(join(import.meta.dirname, 'draw-marker.ts'), [display]);
  await once(drawer, 'message');
  const server = childNamed('Xvfb');
  let count = 0;
  const stop = frames(() => (count += 1));
  await pause(2000);
  const idle = await cpuDuring(server, () => pause(5000));
  let latency: Measurement | undefined;
  const sparse = await cpuDuring(server, async () => {
    latency = await measureLatency(drawer, frames);
  });
  drawer.send({ motion: true });
  await pause(500);
  const before = count;
  const motion = await cpuDuring(server, () => pause(4000));
  const motionFps = (count - before) / 4;
  stop();
  drawer.disconnect();
  await once(drawer, 'exit');
  if (!latency) throw new Error('No change was measured.');
  return { latency, idle, sparse, motion, motionFps };
}

async function measureLatency(drawer: ChildProcess, frames: Frames): Promise<Measurement> {
  const latencies: number[] = [];
  let missing = 0;
  for (let change = 1; change <= changes; change += 1) {
    await pause(180 + Math.random() * 100);
    const seen = Promise.withResolvers<number | undefined>();
    const stop = frames((bytes) => bytes >= leastBytes && seen.resolve(performance.timeOrigin + performance.now()));
    const giveUp = setTimeout(() => seen.resolve(undefined), 1000);
    drawer.send({ draw: change * 2_654_435 });
    const [{ drawnAt }] = (await once(drawer, 'message')) as [{ drawnAt: number }];
    const seenAt = await seen.promise;
    clearTimeout(giveUp);
    stop();
    if (seenAt === undefined) missing += 1;
    else latencies.push(seenAt - drawnAt);
  }
  const sorted = latencies.sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), missing };
}

/** Shares of one core. */
interface Cpu {
  readonly agent: number;
  readonly server: number;
}

async function cpuDuring(server: number, work: () => Promise<void>): Promise<Cpu> {
  const [startedAt, usage, ticks] = [performance.now(), process.cpuUsage(), ticksOf(server)];
  await work();
  const elapsedMs = performance.now() - startedAt;
  const { user, system } = process.cpuUsage(usage);
  return {
    agent: (user + system) / 1000 / elapsedMs,
    server: ((ticksOf(server) - ticks) * 1000) / ticksPerSecond / elapsedMs,
  };
}

/** User and system time, fields 14 and 15 of proc(5). The name in field 2 may hold spaces. */
function ticksOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function childNamed(name: string): number {
  const children = readdirSync('/proc/self/task').flatMap((thread) =>
    readFileSync(`/proc/self/task/${thread}/children`, 'utf8').trim().split(' ').filter(Boolean),
  );
  const pid = children.find((child) => readFileSync(`/proc/${child}/comm`, 'utf8').trim() === name);
  if (pid === undefined) throw new Error(`No child process is called ${name}.`);
  return Number(pid);
}

function report(name: string, { latency, idle, sparse, motion, motionFps }: Run): void {
  const ms = (value: number) => value.toFixed(2);
  const cpu = ({ agent, server }: Cpu) => `${(agent * 100).toFixed(2)} + ${(server * 100).toFixed(2)} %`;
  console.log(
    `${name}: draw to frame p50 ${ms(latency.p50)} p90 ${ms(latency.p90)} p99 ${ms(latency.p99)} ms, ${latency.missing} of ${changes} missing`,
  );
  console.log(
    `  CPU of a core, agent + X: idle ${cpu(idle)}, sparse ${cpu(sparse)}, motion ${cpu(motion)} at ${motionFps.toFixed(0)} fps`,
  );
}

function ratio(own: number, other: number): string {
  return (own / other).toFixed(2);
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
