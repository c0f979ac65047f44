import { annotations } from '@vdi/api';
import { AgentStatus, decodeMessage, type WarnRequest } from '@vdi/protocol';
import type { Clock } from '@vdi/controller';
import type { Fetch, Pod } from '@vdi/kube';
import type { AgentSettings } from '../settings.ts';

/** Asks the agent of one Pod. Throws whatever kept it from answering. */
export interface AgentClient {
  status(pod: Pod, token: string): Promise<AgentStatus>;
  /** Tells every viewer that the desktop will stop. */
  warn(pod: Pod, token: string, warning: WarnRequest): Promise<void>;
}

export interface AgentClientOptions {
  readonly fetch: Fetch;
  readonly clock: Pick<Clock, 'after'>;
  readonly settings: AgentSettings;
}

/** Where the operator reaches the agent, or undefined while it has no address. */
export function agentOrigin(
  { metadata, status, spec }: Pod,
  reachedBy: AgentSettings['reachedBy'],
): string | undefined {
  if (reachedBy === 'endpoint-annotation') {
    const endpoint = metadata.annotations?.[annotations.endpoint];
    return endpoint === undefined ? undefined : `http://${endpoint}`;
  }
  const ports = (spec.initContainers ?? []).flatMap(({ ports = [] }) => ports);
  const port = ports.find(({ name }) => name === 'http')?.containerPort;
  if (status?.podIP === undefined || port === undefined) return undefined;
  return `http://${status.podIP.includes(':') ? `[${status.podIP}]` : status.podIP}:${port}`;
}

export function createAgentClient({ fetch, clock, settings }: AgentClientOptions): AgentClient {
  const ask = async (pod: Pod, path: string, init: RequestInit): Promise<string> => {
    const origin = agentOrigin(pod, settings.reachedBy);
    if (origin === undefined) throw new Error(`Pod "${pod.metadata.name}" has no address yet`);
    const deadline = new AbortController();
    const cancel = clock.after(settings.timeoutMs, () =>
      deadline.abort(new Error(`No answer within ${settings.timeoutMs} ms`)),
    );
    try {
      const answer = await fetch(`${origin}${path}`, { ...init, redirect: 'error', signal: deadline.signal });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`The agent answered ${answer.status}: ${text.slice(0, 200)}`);
      return text;
    } finally {
      cancel();
    }
  };
  return {
    status: async (pod, token) =>
      decodeMessage(AgentStatus, await ask(pod, '/status', { headers: { authorization: `Bearer ${token}` } })),
    async warn(pod, token, warning) {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      await ask(pod, '/warn', { method: 'POST', headers, body: JSON.stringify(warning) });
    },
  };
}
