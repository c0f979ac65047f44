import { type EngineChoice, findRunningProcess, openStateDirectory, type StateDirectory } from '@vdi/solo';
import { type CliContext, say } from '../cli-context.ts';
import { missingNeeds } from '../doctor/needs.ts';
import { installMissing } from '../doctor/install.ts';
import { runInBackground } from '../process/run-in-background.ts';
import { runInForeground } from '../process/run-in-foreground.ts';

interface UpFlags {
  readonly stateDir?: string;
  readonly port: number;
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
    say(context, `Already up, as process ${running.pid}.`);
    sayAddress(context, running.url, state);
    return;
  }
  if (flags.install) await installMissing(await missingNeeds(), (line) => say(context, line));
  if (flags.detach) {
    const { url } = await runInBackground(state, flags, (step) => say(context, `… ${step}`));
    sayAddress(context, url, state);
    say(context, `Log:        ${state.log}`);
    say(context, `Stop with:  npx vdi down${flags.stateDir === undefined ? '' : ` --state-dir ${state.path}`}`);
    return;
  }
  await runInForeground(context, state, flags, (url) => sayAddress(context, url, state));
}

function sayAddress(context: CliContext, url: string, state: StateDirectory): void {
  say(context, `Ready at    ${url}`);
  say(context, `Kubeconfig: export KUBECONFIG=${state.kubeconfig}`);
}
