import type { ContainerInspectInfo } from 'dockerode';
import { engineLabels } from './container-labels.ts';

/** One container of the engine, as this node sees it. */
export interface ContainerView {
  readonly id: string;
  /** Name in the Pod; undefined is the one that holds the namespaces. */
  readonly container: string | undefined;
  readonly attempt: number;
  readonly backOffSeconds: number;
  readonly state: 'created' | 'running' | 'exited';
  readonly imageId: string;
  /** Undefined before the first start. */
  readonly startedAt: Date | undefined;
  readonly finishedAt: Date | undefined;
  readonly exitCode: number;
  readonly wasOutOfMemory: boolean;
}

/** Reads what the engine tells of a container. */
export function containerView(info: ContainerInspectInfo): ContainerView {
  const labels = info.Config.Labels ?? {};
  const { State } = info;
  const startedAt = moment(State.StartedAt);
  return {
    id: info.Id,
    container: labels[engineLabels.container],
    attempt: Number(labels[engineLabels.attempt] ?? 0),
    backOffSeconds: Number(labels[engineLabels.backOffSeconds] ?? 0),
    state: State.Running ? 'running' : startedAt === undefined ? 'created' : 'exited',
    imageId: info.Image,
    startedAt,
    finishedAt: State.Running ? undefined : moment(State.FinishedAt),
    exitCode: State.ExitCode,
    wasOutOfMemory: State.OOMKilled,
  };
}

/** Engines write the year 1 for "never". */
function moment(text: string): Date | undefined {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) || date.getUTCFullYear() < 1971 ? undefined : date;
}
