import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { type ReportProgress, startPart } from './part.ts';
import { apiPart } from './parts/api-part.ts';
import { definitionsPart } from './parts/definitions-part.ts';
import { listenerPart } from './parts/listener-part.ts';
import { lockStateDirectory } from './state/process-lock.ts';
import { openStateDirectory } from './state/state-directory.ts';

export interface SoloOptions {
  /** Made if missing; one process at a time. */
  readonly stateDirectory: string;
  /** On 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  readonly log: Logger;
  readonly progress?: ReportProgress;
}

/** Standalone mode at work. Disposing it stops every part, the last started first. */
export interface Solo extends AsyncDisposable {
  readonly url: string;
  readonly kubeconfigPath: string;
  readonly kube: KubeClient;
}

/** Starts all parts of standalone mode in this process, each after those it needs. Throws `UserError` for what a person can mend. */
export async function startSolo({ stateDirectory, port, log, progress = () => undefined }: SoloOptions): Promise<Solo> {
  await using running = new AsyncDisposableStack();
  const state = openStateDirectory(stateDirectory);
  running.use(lockStateDirectory(state));

  const report = { log, progress };
  const withApi = await startPart(apiPart, { state, log, port }, running, report);
  const withDefinitions = await startPart(definitionsPart, withApi, running, report);
  const { url, kube } = await startPart(listenerPart, withDefinitions, running, report);

  const kept = running.move();
  return { url, kubeconfigPath: state.kubeconfig, kube, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
