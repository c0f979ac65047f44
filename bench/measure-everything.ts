import { type CaptureNumbers, measureCapture } from './capture/measure-capture.ts';
import { type BenchStand, endAllSessions, openBenchStand } from './desktop/bench-stand.ts';
import { launchDesktop } from './desktop/launch-desktop.ts';
import { loadAverage, type Machine, machineFacts } from './machine.ts';
import { measureMemory, type MemoryNumbers } from './measure-memory.ts';
import type { BenchOptions, BenchPart } from './options.ts';
import { measureStarts, type StartNumbers } from './start/measure-starts.ts';
import { measureStream, type StreamNumbers } from './stream/measure-stream.ts';

/** All that one run measured; parts that were not asked for are absent. */
export interface BenchNumbers {
  readonly machine: Machine;
  /** The load average before each part. */
  readonly load: Partial<Readonly<Record<BenchPart, number>>>;
  readonly start?: StartNumbers;
  readonly stream?: StreamNumbers;
  readonly memory?: MemoryNumbers;
  readonly capture?: CaptureNumbers;
}

interface Run {
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

type Mutable<Value> = { -readonly [Field in keyof Value]: Value[Field] };

export async function measureEverything(options: BenchOptions, run: Run): Promise<BenchNumbers> {
  const { parts, samples } = options;
  const load: Mutable<BenchNumbers['load']> = {};
  const begin = (part: BenchPart): void => {
    load[part] = loadAverage();
    run.progress(`${part}, load average ${load[part]}`);
  };
  const onStand = parts.some((part) => part !== 'capture') ? await measureOnStand(options, run, begin) : undefined;
  let capture: CaptureNumbers | undefined;
  if (parts.includes('capture')) {
    begin('capture');
    capture = await measureCapture({ samples, ...run });
  }
  return { machine: machineFacts(onStand?.browser ?? 'none'), load, ...onStand?.numbers, ...(capture && { capture }) };
}

type StandNumbers = Pick<BenchNumbers, 'start' | 'stream' | 'memory'>;

/** What needs the whole product. */
async function measureOnStand(
  { parts, starts, samples }: BenchOptions,
  { progress, signal }: Run,
  begin: (part: BenchPart) => void,
): Promise<{ readonly numbers: StandNumbers; readonly browser: string }> {
  progress('bringing up standalone mode in a directory of its own (its first images take minutes)');
  await using stand = await openBenchStand(signal);
  const numbers: Mutable<StandNumbers> = {};
  if (parts.includes('start')) {
    begin('start');
    numbers.start = await measureStarts(stand, { starts, progress });
  }
  if (parts.includes('stream') || parts.includes('memory')) {
    await withDesktop(stand, async (viewer) => {
      if (parts.includes('stream')) {
        begin('stream');
        numbers.stream = await measureStream(stand, viewer, { samples, progress });
      }
      if (!parts.includes('memory')) return;
      begin('memory');
      numbers.memory = await measureMemory(stand);
    });
  }
  progress('taking it down');
  return { numbers, browser: `Chromium ${stand.browser.version()}` };
}

type Viewer = Awaited<ReturnType<typeof launchDesktop>>['viewer'];

async function withDesktop(stand: BenchStand, measure: (viewer: Viewer) => Promise<void>): Promise<void> {
  {
    await using desktop = await launchDesktop(stand);
    await measure(desktop.viewer);
  }
  await endAllSessions(stand.standalone);
}
