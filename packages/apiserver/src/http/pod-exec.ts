import { ApiError } from '../api-error.ts';
import { badRequest } from '../registry/errors.ts';
import type { ObjectRef } from '../registry/object-ref.ts';
import { getObject } from '../registry/read.ts';
import type { Call, Server } from './call.ts';
import { chosenContainer } from './pod-container.ts';

/** A program to be run in a container, and which of its streams the client wants; `pods/exec`. */
export interface PodExecQuery {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly stdin: boolean;
  readonly stdout: boolean;
  readonly stderr: boolean;
  readonly tty: boolean;
}

/** What is asked for. Throws 400 and 404; whether the container runs is known to its node alone. */
export function podExecQuery({ registry }: Server, { query }: Pick<Call, 'query'>, ref: ObjectRef): PodExecQuery {
  const pod = getObject(registry, ref);
  const { phase } = (pod['status'] ?? {}) as { readonly phase?: string };
  if (phase === 'Succeeded' || phase === 'Failed') {
    throw badRequest(`cannot exec into a container in a completed pod; current phase is ${phase}`);
  }
  const isTrue = (name: string): boolean => query.get(name) === 'true' || query.get(name) === '1';
  const command = query.getAll('command');
  if (command.length === 0) throw badRequest('you must specify at least 1 command for the container');
  const streams = { stdin: isTrue('stdin'), stdout: isTrue('stdout'), stderr: isTrue('stderr'), tty: isTrue('tty') };
  if (!streams.stdin && !streams.stdout && !streams.stderr) {
    throw badRequest('you must specify at least 1 of stdin, stdout, stderr');
  }
  const { namespace, name } = ref;
  const { uid = '' } = pod.metadata;
  return { namespace, name, uid, container: chosenContainer(pod, query), command, ...streams };
}

/** For clients that ask without a WebSocket: kubectl before 1.31, and later ones when theirs was refused. */
export function needsWebSocket(): ApiError {
  return new ApiError(
    400,
    'BadRequest',
    'exec is served over WebSockets (v5.channel.k8s.io) and not over SPDY: use kubectl 1.31 or later, without KUBECTL_REMOTE_COMMAND_WEBSOCKETS=false',
  );
}
