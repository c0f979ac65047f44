import type { CaptureNumbers } from '../capture/measure-capture.ts';
import type { BenchNumbers } from '../measure-everything.ts';
import type { MemoryNumbers } from '../measure-memory.ts';
import type { StartNumbers } from '../start/measure-starts.ts';
import type { Distribution } from '../statistics.ts';
import type { StreamNumbers } from '../stream/measure-stream.ts';

type Row = readonly [what: string, ...cells: readonly string[]];

/** The numbers of a run as people read them. */
export function table({ machine, load, start, stream, memory, capture }: BenchNumbers): string {
  const { cores, model, memoryGiB, system, kernel, node, browser } = machine;
  const loads = Object.entries(load).map(([part, average]) => `${part} ${average}`);
  const heads = ['', 'p50', 'p90', 'p99', 'samples'] as const;
  return [
    `${cores} cores of ${model}, ${memoryGiB} GiB, ${system}, Linux ${kernel}, Node ${node}, ${browser}`,
    `Load average before each part: ${loads.join(', ')}`,
    ...(start ? section('Start, ms', heads, startRows(start)) : []),
    ...(stream ? section('Stream, 1280x720, ms', heads, [spread('draw to present', stream.drawToPresent720p)]) : []),
    ...(stream ? section('', ['', 'value'], streamRows(stream)) : []),
    ...(memory ? section('Memory, MiB', ['', 'RSS', 'PSS'], memoryRows(memory)) : []),
    ...(capture ? section('Capture: draw to encoded frame, ms', heads, captureRows(capture)) : []),
    ...(capture
      ? section('Capture: CPU of a core, agent + X, %', ['', 'idle', 'sparse', 'motion', 'fps'], cpuRows(capture))
      : []),
  ].join('\n');
}

function startRows(start: StartNumbers): readonly Row[] {
  return [
    spread('Launch to first frame', start.launchToFirstFrame),
    spread('Launch to lit frame', start.launchToLitFrame),
    spread('sign-in page to first frame', start.signInToFirstFrame),
    ...Object.entries(start.stages).map(([stage, took]) => spread(`  … ${stage}`, took)),
    ['first start of all', start.firstOfAll.toFixed(0)],
  ];
}

function streamRows(stream: StreamNumbers): readonly Row[] {
  return [
    ['changes not seen', String(stream.missed)],
    [`frames a second in motion (${stream.motionSeconds} s)`, stream.fps720p.toFixed(1)],
    [`CPU of a core at rest (${stream.idleSeconds} s), agent + X, %`, stream.idleCpuPercent.toFixed(2)],
    ['CPU of a core in motion, agent + X, %', stream.activeCpuPercent.toFixed(1)],
  ];
}

function memoryRows(memory: MemoryNumbers): readonly Row[] {
  const mebibytes = (value: number): string => value.toFixed(0);
  return [
    ['agent', mebibytes(memory.agentMiB), mebibytes(memory.agentPssMiB)],
    ['X server', mebibytes(memory.xserverMiB), mebibytes(memory.xserverPssMiB)],
    ['control plane', mebibytes(memory.controlPlaneMiB), mebibytes(memory.controlPlanePssMiB)],
  ];
}

function captureRows(capture: CaptureNumbers): readonly Row[] {
  return Object.entries(capture).flatMap(([size, { damageTriggered, polled }]) => [
    spread(`${size} when drawn`, damageTriggered.drawToFrame),
    spread(`${size} at 60 Hz`, polled.drawToFrame),
  ]);
}

function cpuRows(capture: CaptureNumbers): readonly Row[] {
  return Object.entries(capture).flatMap(([size, { damageTriggered, polled }]) =>
    (
      [
        ['when drawn', damageTriggered],
        ['at 60 Hz', polled],
      ] as const
    ).map(([how, { idle, sparse, motion, motionFps }]): Row => {
      const share = (cpu: { readonly agent: number; readonly server: number }): string =>
        `${cpu.agent.toFixed(1)} + ${cpu.server.toFixed(1)}`;
      return [`${size} ${how}`, share(idle), share(sparse), share(motion), motionFps.toFixed(0)];
    }),
  );
}

function spread(what: string, { p50, p90, p99, samples }: Distribution): Row {
  const digits = p50 < 100 ? 1 : 0;
  return [what, p50.toFixed(digits), p90.toFixed(digits), p99.toFixed(digits), String(samples)];
}

function section(title: string, heads: Row, rows: readonly Row[]): readonly string[] {
  const lines = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const drawn = lines.map((line) =>
    line
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart((widths[column] ?? 0) + 2),
      )
      .join('')
      .trimEnd(),
  );
  return ['', ...(title === '' ? [] : [title]), ...drawn.filter((line) => line !== '')];
}
