import { PassThrough, Readable } from 'node:stream';
import type { PodLogsQuery } from '@vdi/apiserver';
import type { ContainerInspectInfo, ContainerLogsOptions } from 'dockerode';
import type { Engine } from '../engine/engine.ts';
import { engineMessage } from '../engine/engine-error.ts';
import { engineLabels } from '../pod/container-labels.ts';
import { limitBytes } from './limit-bytes.ts';
import { textOfLogFrames } from './log-frames.ts';

/** What of the node's is needed to read logs. */
export interface LogSource {
  readonly engine: Engine;
  readonly owner: string;
}

/** Answers `kubectl logs`: what a container wrote, and with `follow` what it still writes. */
export async function podLogs({ engine, owner }: LogSource, query: PodLogsQuery): Promise<Response> {
  const { docker } = engine;
  const label = [
    `${engineLabels.owner}=${owner}`,
    `${engineLabels.podUid}=${query.uid}`,
    `${engineLabels.container}=${query.container}`,
  ];
  try {
    const found = await docker.listContainers({ all: true, filters: { label } });
    const attempts = found
      .map(({ Id, Labels }) => ({ id: Id, attempt: Number(Labels[engineLabels.attempt] ?? 0) }))
      .sort((one, other) => other.attempt - one.attempt);
    const wanted = attempts[query.previous ? 1 : 0];
    if (wanted === undefined) return refusal(400, missingMessage(query));
    const container = docker.getContainer(wanted.id);
    const info = await container.inspect();
    if (info.State.StartedAt.startsWith('0001')) return refusal(400, missingMessage(query));
    return new Response(await openLog(engine, info, query), { headers: { 'content-type': 'text/plain' } });
  } catch (error) {
    return refusal(500, `the container engine gave no log: ${engineMessage(error)}`);
  }
}

async function openLog(
  { docker }: Engine,
  info: ContainerInspectInfo,
  query: PodLogsQuery,
): Promise<ReadableStream<Uint8Array>> {
  const container = docker.getContainer(info.Id);
  const options = logOptions(query);
  const source = query.follow
    ? await container.logs({ ...options, follow: true, abortSignal: query.signal })
    : Readable.from([await container.logs({ ...options, follow: false, abortSignal: query.signal })]);
  const plain = info.Config.Tty ? new PassThrough() : textOfLogFrames();
  source.once('error', (error) => plain.destroy(error));
  source.pipe(plain);
  query.signal.addEventListener('abort', () => plain.destroy(), { once: true });
  plain.once('close', () => 'destroy' in source && source.destroy());
  const body = Readable.toWeb(plain) as ReadableStream<Uint8Array>;
  return query.limitBytes === undefined ? body : body.pipeThrough(limitBytes(query.limitBytes));
}

function logOptions({ timestamps, tailLines, sinceSeconds, sinceTime }: PodLogsQuery): ContainerLogsOptions {
  const since =
    sinceTime !== undefined
      ? Math.floor(Date.parse(sinceTime) / 1000)
      : sinceSeconds === undefined
        ? undefined
        : Math.floor(Date.now() / 1000) - sinceSeconds;
  return {
    stdout: true,
    stderr: true,
    timestamps,
    ...(tailLines === undefined ? {} : { tail: tailLines }),
    ...(since === undefined ? {} : { since }),
  };
}

function missingMessage({ container, name, previous }: PodLogsQuery): string {
  return previous
    ? `previous terminated container "${container}" in pod "${name}" not found`
    : `container "${container}" in pod "${name}" is waiting to start`;
}

function refusal(code: number, message: string): Response {
  const reason = code === 400 ? 'BadRequest' : 'InternalError';
  return Response.json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, code },
    { status: code },
  );
}
