import type { Pod } from '@vdi/kube';
import type { AgentStatus, WarnRequest } from '@vdi/protocol';
import type { AgentClient } from '../agent/agent-client.ts';

/** Agents that answer what the test says, to whoever has the right bearer. */
export class ScriptedAgents implements AgentClient {
  /** What every agent answers; undefined: none does. */
  answer: AgentStatus | undefined;
  readonly warnings: WarnRequest[] = [];
  readonly tokens = new Set<string>();

  async status(_pod: Pod, token: string): Promise<AgentStatus> {
    this.tokens.add(token);
    if (this.answer === undefined) throw new Error('connect ECONNREFUSED');
    return await Promise.resolve(this.answer);
  }

  async warn(_pod: Pod, _token: string, warning: WarnRequest): Promise<void> {
    this.warnings.push(warning);
    await Promise.resolve();
  }
}

export function anAgentStatus(change: Partial<AgentStatus> = {}): AgentStatus {
  return {
    version: '1',
    startedAt: '2026-01-02T10:00:00.000Z',
    display: { ready: true },
    desktop: { ready: true, windows: 1 },
    stream: { framesEncoded: 1, encoder: 'x264enc' },
    viewers: [],
    ...change,
  };
}
