import { eventually } from '@vdi/testing/desktops';
import { type BenchStand, endAllSessions, onlySession } from '../desktop/bench-stand.ts';
import { type Launch, launchDesktop } from '../desktop/launch-desktop.ts';
import { type Distribution, distributionOf, rounded } from '../statistics.ts';
import { type Stages, stagesOf } from './stages.ts';

/** All in milliseconds. */
export interface StartNumbers {
  /** From the press of Launch in the dashboard to the first decoded frame that the viewer's page presents. */
  readonly launchToFirstFrame: Distribution;
  /** The same to the first frame that shows more than an empty screen. */
  readonly launchToLitFrame: Distribution;
  /** From asking for the sign-in page, whose form is filled in without a pause, to the first frame. */
  readonly signInToFirstFrame: Distribution;
  readonly stages: Readonly<Record<string, Distribution>>;
  /** The first start of all, which makes the home; it is not among the others. */
  readonly firstOfAll: number;
}

/**
 * Starts desktops one after the other, each with a new session, a new browser profile and the home of the first. The clock is
 * the machine's, read by browser and control plane; `performance.timeOrigin` and the timeline are good for about 1 ms.
 */
export async function measureStarts(
  stand: BenchStand,
  { starts, progress }: { readonly starts: number; readonly progress: (text: string) => void },
): Promise<StartNumbers> {
  const first = await measureStart(stand);
  progress(`first start of all: ${Math.round(toFirstFrame(first.launch))} ms`);
  const measured: Start[] = [];
  for (let count = 1; count <= starts; count += 1) {
    const start = await measureStart(stand);
    measured.push(start);
    progress(`start ${count} of ${starts}: ${Math.round(toFirstFrame(start.launch))} ms`);
  }
  const over = (milliseconds: (start: Start) => number): Distribution => distributionOf(measured.map(milliseconds));
  return {
    launchToFirstFrame: over(({ launch }) => toFirstFrame(launch)),
    launchToLitFrame: over(({ launch }) => launch.firstLitFrameAt - launch.clickedAt),
    signInToFirstFrame: over(({ launch }) => launch.firstFrameAt - launch.signInAskedAt),
    stages: Object.fromEntries(
      Object.keys(first.stages).map((stage) => [stage, over(({ stages }) => stages[stage] ?? 0)]),
    ),
    firstOfAll: rounded(toFirstFrame(first.launch)),
  };
}

interface Start {
  readonly launch: Launch;
  readonly stages: Stages;
}

const toFirstFrame = ({ clickedAt, firstFrameAt }: Launch): number => firstFrameAt - clickedAt;

async function measureStart(stand: BenchStand): Promise<Start> {
  stand.signal.throwIfAborted();
  await using desktop = await launchDesktop(stand);
  // The operator may write a stage a moment after it was reached.
  const session = await eventually(
    () => onlySession(stand),
    ({ status }) => status?.timeline?.some(({ stage }) => stage === 'Ready') === true,
    { what: 'The stages of the start' },
  );
  await desktop[Symbol.asyncDispose]();
  await endAllSessions(stand.standalone);
  return { launch: desktop.launch, stages: stagesOf(desktop.launch, session) };
}
