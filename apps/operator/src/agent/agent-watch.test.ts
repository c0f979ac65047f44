import type { Pod } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { createDrivenClock } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { testSettings } from '../testing/builders.ts';
import { anAgentStatus, ScriptedAgents } from '../testing/scripted-agents.ts';
import { agentOrigin, createAgentClient } from './agent-client.ts';
import { AgentWatch } from './agent-watch.ts';

const showing = { framesEncoded: 1, encoder: 'x264enc', firstFrameAt: '2026-01-02T10:00:00.000Z' } as const;
const viewer = { viewer: 'v', user: 'a', role: 'owner', connectedAt: '2026-01-02T10:00:00.000Z' } as const;

function aPod(resourceVersion = '1', change: Partial<Pod['metadata']> = {}): Pod {
  return {
    metadata: { name: 'desk-1', uid: 'pod', resourceVersion, ...change },
    spec: {
      initContainers: [
        { name: 'display', image: 'd', ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }] },
      ],
      containers: [],
    },
    status: { podIP: '10.1.2.3' },
  };
}

/** Counts how often the agent is asked, and who is woken. */
function watching() {
  const clock = createDrivenClock();
  const agents = new ScriptedAgents();
  let asked = 0;
  const client = {
    status: (pod: Pod, token: string) => {
      asked += 1;
      return agents.status(pod, token);
    },
    warn: agents.warn.bind(agents),
  };
  const log = createLogger({ name: 'test', level: 'silent' });
  const watch = new AgentWatch({
    client,
    tokenOf: () => Promise.resolve('t'),
    clock,
    settings: testSettings.agent,
    log,
  });
  const woken: string[] = [];
  watch.onNews((key) => woken.push(key));
  const askedWithin = async (milliseconds: number): Promise<number> => {
    const before = asked;
    await clock.advance(milliseconds);
    return asked - before;
  };
  return { clock, agents, watch, woken, askedWithin };
}

describe('the watch on agents', () => {
  it('asks often while a desktop starts, every 5 s while it is watched, every 30 s otherwise', async () => {
    const { agents, watch, askedWithin } = watching();
    agents.answer = anAgentStatus({ desktop: { ready: false, windows: 0 } });
    watch.follow('ns/desk', [aPod()]);
    expect(await askedWithin(1_000)).toBeGreaterThanOrEqual(9);
    agents.answer = anAgentStatus({ viewers: [viewer] });
    await askedWithin(200);
    expect(await askedWithin(60_000)).toBe(12);
    agents.answer = anAgentStatus({ stream: showing });
    await askedWithin(5_000);
    expect(await askedWithin(300_000)).toBe(10);
  });

  it('asks every 2 s for the first frame of a desktop that has just started, for half a minute', async () => {
    const { agents, watch, askedWithin, woken } = watching();
    agents.answer = anAgentStatus();
    watch.follow('ns/desk', [aPod()]);
    await askedWithin(100);
    expect(await askedWithin(20_000)).toBe(10);
    agents.answer = anAgentStatus({ stream: showing });
    await askedWithin(2_000);
    expect(woken).toHaveLength(2);
    expect(await askedWithin(300_000)).toBe(10);
  });

  it('stops asking so often for a desktop that nobody comes to', async () => {
    const { agents, watch, askedWithin } = watching();
    agents.answer = anAgentStatus();
    watch.follow('ns/desk', [aPod()]);
    await askedWithin(60_000);
    expect(await askedWithin(300_000)).toBe(10);
  });

  it('asks at once when the Pod changes, and not because it is followed again', async () => {
    const { agents, watch, askedWithin } = watching();
    agents.answer = anAgentStatus();
    watch.follow('ns/desk', [aPod('1')]);
    await askedWithin(100);
    watch.follow('ns/desk', [aPod('1')]);
    expect(await askedWithin(100)).toBe(0);
    const before = askedWithin(0);
    watch.follow('ns/desk', [aPod('2')]);
    expect((await before) + (await askedWithin(100))).toBe(1);
  });

  it('wakes the session when something is new, and only then', async () => {
    const { agents, watch, woken, askedWithin } = watching();
    agents.answer = anAgentStatus();
    watch.follow('ns/desk', [aPod()]);
    await askedWithin(100);
    expect(woken).toEqual(['ns/desk']);
    agents.answer = anAgentStatus({ stream: { framesEncoded: 99, encoder: 'x264enc' } });
    await askedWithin(120_000);
    expect(woken).toHaveLength(1);
    agents.answer = anAgentStatus({ viewers: [viewer] });
    await askedWithin(30_000);
    expect(woken).toHaveLength(2);
  });

  it('tells of trouble after three failures in a row, asks less often, and forgets it with an answer', async () => {
    const { agents, watch, askedWithin } = watching();
    watch.follow('ns/desk', [aPod()]);
    await askedWithin(110);
    expect(watch.latest('pod')).toMatchObject({ trouble: undefined });
    await askedWithin(1_000);
    expect(watch.latest('pod')).toMatchObject({ trouble: 'connect ECONNREFUSED' });
    await askedWithin(60_000);
    expect(await askedWithin(60_000)).toBe(12);
    agents.answer = anAgentStatus();
    await askedWithin(5_000);
    expect(watch.latest('pod')).toMatchObject({ trouble: undefined, status: { version: '1' } });
  });

  it('asks no more once the Pod is not among those of the session', async () => {
    const { agents, clock, watch, askedWithin } = watching();
    agents.answer = anAgentStatus();
    watch.follow('ns/desk', [aPod()]);
    await askedWithin(100);
    watch.follow('ns/desk', []);
    expect(await askedWithin(120_000)).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it('warns viewers once of each thing, and nobody where nobody looks', async () => {
    const { agents, watch, askedWithin } = watching();
    const warning = { reason: 'expiring', at: '2026-01-02T11:00:00.000Z', message: 'Soon' } as const;
    agents.answer = anAgentStatus();
    watch.follow('ns/desk', [aPod()]);
    await askedWithin(100);
    await watch.warn('pod', warning);
    expect(agents.warnings).toEqual([]);
    agents.answer = anAgentStatus({ viewers: [viewer] });
    await askedWithin(30_000);
    await watch.warn('pod', warning);
    await watch.warn('pod', warning);
    expect(agents.warnings).toEqual([warning]);
  });
});

describe('the client of agents', () => {
  it('goes to the Pod in a cluster, and to the published port only where settings say so', () => {
    const pod = aPod('1', { annotations: { 'vdi.kasm.io/endpoint': '127.0.0.1:4711' } });
    expect(agentOrigin(pod, 'pod-ip')).toBe('http://10.1.2.3:8080');
    expect(agentOrigin(pod, 'endpoint-annotation')).toBe('http://127.0.0.1:4711');
    expect(agentOrigin({ ...pod, status: { podIP: 'fd00::7' } }, 'pod-ip')).toBe('http://[fd00::7]:8080');
    expect(agentOrigin({ ...pod, status: {} }, 'pod-ip')).toBeUndefined();
  });

  it('shows the bearer, and says what the agent answered when that is no status', async () => {
    const seen: (string | null)[] = [];
    const answers = [
      new Response('no', { status: 401 }),
      new Response('{"version":1}'),
      new Response(JSON.stringify(anAgentStatus())),
    ];
    const client = createAgentClient({
      fetch: async (_url, init) => {
        seen.push(new Headers(init?.headers).get('authorization'));
        return await Promise.resolve(answers.shift() ?? Response.error());
      },
      clock: createDrivenClock(),
      settings: testSettings.agent,
    });
    await expect(client.status(aPod(), 'secret')).rejects.toThrow('answered 401');
    await expect(client.status(aPod(), 'secret')).rejects.toThrow('not one of this protocol');
    expect(await client.status(aPod(), 'secret')).toMatchObject({ version: '1' });
    expect(seen).toEqual(['Bearer secret', 'Bearer secret', 'Bearer secret']);
  });

  it('gives up on an agent that does not answer in time', async () => {
    const clock = createDrivenClock();
    const client = createAgentClient({
      fetch: (_url, init) =>
        new Promise((_, reject) => init?.signal?.addEventListener('abort', () => reject(init.signal?.reason as Error))),
      clock,
      settings: testSettings.agent,
    });
    const answer = expect(client.status(aPod(), 't')).rejects.toThrow('No answer within 2000 ms');
    await clock.advance(2_000);
    await answer;
  });
});
