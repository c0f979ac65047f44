import { type EngineChoice, findRunningProcess, openStateDirectory, type StateDirectory } from '@vdi/solo';
import { type CliContext, say } from '../cli-context.ts';
import { missingNeeds } from '../doctor/needs.ts';
import { installMissing } from '../doctor/install.ts';
import { readStatus } from './status.ts';
import { runInBackground } from '../process/run-in-background.ts';
import { runInForeground, type Started } from '../process/run-in-foreground.ts';

interface UpFlags {
  readonly stateDir?: string;
  readonly port: number;
  readonly apiPort?: number;
  readonly engine: EngineChoice | 'none';
  readonly mediaAddress: string;
  readonly detach: boolean;
  readonly install: boolean;
}

/** `vdi up` */
export async function up(context: CliContext, flags: UpFlags): Promise<void> {
  const state = openStateDirectory(flags.stateDir ?? context.defaultStateDirectory);
  const running = findRunningProcess(state);
  if (running?.url !== undefined) {
    if (!(await readStatus(state)).ready) {
      say(context, `Process ${running.pid} is starting already, or does not answer: vdi status says when it is ready.`);
      return;
    }
    say(context, `Already up, as process ${running.pid}.`);
    sayStarted(context, { url: running.url, firstPasswords: [] }, state);
    return;
  }
  if (flags.install) await installMissing(await missingNeeds(), (line) => say(context, line));
  if (flags.detach) {
    const started = await runInBackground(state, flags, (step) => say(context, `… ${step}`));
    sayStarted(context, started, state);
    say(context, `Log:        ${state.log}`);
    say(context, `Stop with:  npx vdi down${flags.stateDir === undefined ? '' : ` --state-dir ${state.path}`}`);
    return;
  }
  await runInForeground(context, state, flags, (started) => sayStarted(context, started, state));
}

function sayStarted(context: CliContext, { url, firstPasswords }: Started, state: StateDirectory): void {
  say(context, `Ready at    ${url}`);
  for (const { user, password } of firstPasswords) say(context, `Sign in as  ${user} with the password ${password}`);
  if (firstPasswords.length > 0) say(context, `            (shown once; kept in ${state.firstPasswords})`);
  say(context, `Kubeconfig: export KUBECONFIG=${state.kubeconfig}`);
}
