import type { AgentStatus } from '@vdi/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type AgentProcess, startAgentProcess } from './agent-process.ts';
import { type Colour, TestViewer } from './browser.ts';
import { eventually, launchBrowser } from '@vdi/testing/desktops';
import { openTestDoor, type TestDoor } from './test-door.ts';
import { openEventLog, openMarker, openTypewriter } from './x-clients.ts';

/** The whole agent against a real X server, real programs on it, and a real browser. */
const red: Colour = [255, 0, 0];
const blue: Colour = [0, 0, 255];
let agent: AgentProcess;
let browser: Browser;
let pings = 0;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

// One for each test: an agent keeps the place of a page that was cut off for some seconds, and with it the control.
beforeEach(async () => {
  agent = await startAgentProcess();
});
afterEach(() => agent[Symbol.asyncDispose]());

const doorFor = async (user: string, role: 'owner' | 'control' | 'view', lifetimeSeconds = 60): Promise<TestDoor> =>
  await openTestDoor({
    agentPort: agent.port,
    signer: agent.signer,
    session: agent.session,
    user,
    role,
    lifetimeSeconds,
  });
const status = async (): Promise<AgentStatus> => {
  const answer = await agent.fetch('/status', { headers: { Authorization: `Bearer ${agent.token}` } });
  return (await answer.json()) as AgentStatus;
};

describe('a viewer with control', () => {
  it('sees what programs draw', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected();
    await using _marker = await openMarker(agent.display, '#ff0000', '40x20+100+100');
    await viewer.untilColour(red, 150, 150);
    expect(await viewer.value('vdi.codec()')).toBe('video/H264');
    expect((await status()).stream).toMatchObject({ codec: 'h264', firstFrameAt: expect.any(String) });
  });

  it('types into a program', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await using typewriter = await openTypewriter(agent.display);
    await viewer.connected();
    await pointAt(viewer, 100, 100);
    await viewer.type('hello');
    await eventually(
      () => typewriter.output(),
      (typed) => typed === 'hello',
    );
    await viewer.say({ type: 'text', text: 'grüße 漢' });
    await eventually(
      () => typewriter.output(),
      (typed) => typed.includes('grüße 漢'),
    );
  });

  it('points, clicks and scrolls', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await using log = await openEventLog(agent.display);
    await viewer.connected();
    let moves = 0;
    await eventually(
      async () => {
        // Motion that is lost is not repeated by itself.
        await viewer.value(`vdi.motion(${(moves += 1)}, ${50 + (moves % 2)}, 60)`);
        return await log.output();
      },
      (text) => /MotionNotify[^]*root:\(5[01],60\)/.test(text),
    );
    await viewer.say({ type: 'button', button: 0, down: true, x: 70, y: 80 });
    await viewer.say({ type: 'button', button: 0, down: false, x: 70, y: 80 });
    await eventually(
      () => log.output(),
      (text) => /ButtonPress[^]*root:\(70,80\)[^]*button 1/.test(text),
    );
    await viewer.say({ type: 'wheel', dx: 0, dy: 240, x: 70, y: 80 });
    await eventually(
      () => log.output(),
      (text) => /ButtonPress[^]*button 5/.test(text),
    );
  });

  it('ignores motion that is older than what it has', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await using log = await openEventLog(agent.display);
    await viewer.connected();
    const moved = async (sequence: number, x: number, y: number): Promise<string> =>
      await eventually(
        async () => {
          // Motion that is lost is not repeated by itself; what is not newer does nothing.
          await viewer.value(`vdi.motion(${sequence}, ${x}, ${y})`);
          return await log.output();
        },
        (written) => written.includes(`root:(${x},${y})`),
        { what: `Motion to ${x}, ${y}` },
      );
    await moved(65_535, 20, 20);
    await moved(3, 30, 31);
    for (let times = 0; times < 5; times += 1) await viewer.value('vdi.motion(2, 200, 200)');
    expect(await moved(4, 40, 41)).not.toContain('root:(200,200)');
  });

  it('gets the cursor and the screen, and sizes the screen', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected({ viewport: { width: 1001, height: 701 } });
    await viewer.until('vdi.size().join() === "1000,700"');
    await viewer.until(`vdi.state.control.some(({ type, png }) => type === 'cursor' && png)`);
    await viewer.say({ type: 'resize', viewport: { width: 1280, height: 720 } });
    await viewer.until('vdi.size().join() === "1280,720"');
    await viewer.until(`vdi.state.control.some(({ type, screen }) => type === 'screen' && screen.width === 1280)`);
  });

  it('gets VP8 when it decodes no H.264', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected({ withoutCodec: 'video/H264' });
    await using _marker = await openMarker(agent.display, '#0000ff', '40x20+100+100');
    await viewer.untilColour(blue, 150, 150);
    expect(await viewer.value('vdi.codec()')).toBe('video/VP8');
  });

  it('comes back after its network broke, as the same viewer', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected();
    const before = await viewer.value<string>(`vdi.state.signals.find(({ type }) => type === 'welcome').viewer`);
    await viewer.value('(vdi.breakOff(), vdi.state.frames = 0, vdi.state.signals = [])');
    await viewer.connected({ resume: before });
    expect(await viewer.value(`vdi.state.signals.find(({ type }) => type === 'welcome').viewer`)).toBe(before);
    expect((await status()).viewers.map(({ viewer: id }) => id)).toEqual([before]);
  });
});

describe('several viewers', () => {
  it('watch one encoder, and one that leaves disturbs nobody', async () => {
    await using aliceDoor = await doorFor('alice@example.com', 'owner');
    await using bobDoor = await doorFor('bob@example.com', 'view');
    await using alice = await TestViewer.open(browser, aliceDoor.origin);
    await alice.connected();
    await using _marker = await openMarker(agent.display, '#ff0000', '40x20+100+100');
    {
      await using bob = await TestViewer.open(browser, bobDoor.origin);
      await bob.connected();
      await Promise.all([alice.untilColour(red, 150, 150), bob.untilColour(red, 150, 150)]);
      await alice.until(`vdi.state.control.some(({ type, viewers }) => type === 'viewers' && viewers.length === 2)`);
    }
    await eventually(status, ({ viewers }) => viewers.length === 1);
    await using _second = await openMarker(agent.display, '#0000ff', '40x20+100+100');
    await alice.untilColour(blue, 150, 150);
    expect(await alice.value('vdi.state.connectionState')).toBe('connected');
  });

  it('cannot type with the role view, and can as soon as control was given to them', async () => {
    await using aliceDoor = await doorFor('alice@example.com', 'owner');
    await using bobDoor = await doorFor('bob@example.com', 'view');
    await using alice = await TestViewer.open(browser, aliceDoor.origin);
    await using bob = await TestViewer.open(browser, bobDoor.origin);
    await using typewriter = await openTypewriter(agent.display);
    await alice.connected();
    await bob.connected();
    await pointAt(alice, 100, 100);
    await bob.type('evil');
    await untilHeard(bob);
    await alice.type('good');
    await eventually(
      () => typewriter.output(),
      (typed) => typed.length >= 'good'.length,
    );
    expect(await typewriter.output()).toBe('good');
    await eventually(agent.log, (log) => log.includes('Ignored input without control'));

    const id = await bob.value<string>(`vdi.state.signals.find(({ type }) => type === 'welcome').viewer`);
    bobDoor.grant({ role: 'control' });
    expect(await bob.value(`vdi.renew('${id}')`)).toMatchObject({ status: 200 });
    await alice.say({ type: 'control', action: 'give', to: id });
    await bob.until(`vdi.state.control.some(({ type, controller }) => type === 'viewers' && controller === '${id}')`);
    await bob.type('now');
    await eventually(
      () => typewriter.output(),
      (typed) => typed === 'goodnow',
    );

    bobDoor.grant({ role: 'view' });
    expect(await bob.value(`vdi.renew('${id}')`)).toMatchObject({ status: 200 });
    await bob.type('xyz');
    await untilHeard(bob);
    await alice.until(`vdi.state.control.findLast(({ type }) => type === 'viewers').controller !== '${id}'`);
    // Whoever drives next types behind it.
    await alice.say({ type: 'control', action: 'take' });
    const aliceId = await alice.value<string>(`vdi.state.signals.find(({ type }) => type === 'welcome').viewer`);
    await alice.until(`vdi.state.control.findLast(({ type }) => type === 'viewers').controller === '${aliceId}'`);
    await alice.type('end');
    await eventually(
      () => typewriter.output(),
      (typed) => typed.endsWith('end'),
    );
    expect(await typewriter.output()).toBe('goodnowend');
  });
});

/** Keys go where the pointer is. A button says where that is in order with them; motion may be lost or come later. */
async function pointAt(viewer: TestViewer, x: number, y: number): Promise<void> {
  for (const down of [true, false]) await viewer.say({ type: 'button', button: 0, down, x, y });
}

/** Until the agent has taken everything that the viewer has said: it answers a ping, and in order. */
async function untilHeard(viewer: TestViewer): Promise<void> {
  pings += 1;
  await viewer.say({ type: 'ping', sentAt: pings });
  await viewer.until(`vdi.state.control.some(({ type, sentAt }) => type === 'pong' && sentAt === ${pings})`);
}

describe('tickets', () => {
  const upgrade = async (headers: Record<string, string>): Promise<number> => {
    const answer = await agent.fetch('/ws', { headers: { ...headers } });
    return answer.status;
  };

  it('opens nothing without a valid one', async () => {
    expect(await upgrade({})).toBe(401);
    const foreign = await agent.signer.sign({ audience: 'another-session', user: 'eve@example.com', role: 'owner' });
    expect(await upgrade({ 'X-Vdi-Ticket': foreign })).toBe(403);
    expect((await agent.fetch('/', { headers: { 'X-Vdi-Ticket': foreign } })).status).toBe(403);
    expect((await agent.fetch('/status')).status).toBe(401);
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    door.grant(undefined);
    await expect(viewer.connect()).rejects.toThrow('did not open');
  });

  it('ends signalling and media fifteen seconds after the last one expired', async () => {
    await using door = await doorFor('alice@example.com', 'owner', 2);
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected();
    const startedAt = Date.now();
    const id = await viewer.value<string>(`vdi.state.signals.find(({ type }) => type === 'welcome').viewer`);
    expect(await viewer.value(`vdi.renew('${id}')`)).toMatchObject({ status: 200 });
    door.grant(undefined);
    expect(await viewer.value(`vdi.renew('${id}')`)).toMatchObject({ status: 401 });
    await viewer.until(`vdi.state.signals.some(({ code }) => code === 'ticket-expired')`);
    expect(Date.now() - startedAt).toBeGreaterThan(14_000);
    await viewer.until(`vdi.state.connectionState !== 'connected'`);
    const received = await viewer.value<number>('vdi.inbound().then(({ packetsReceived }) => packetsReceived)');
    await using _marker = await openMarker(agent.display, '#00ff00', '40x20+100+100');
    await eventually(status, ({ desktop }) => desktop.windows > 0);
    expect(await viewer.value('vdi.inbound().then(({ packetsReceived }) => packetsReceived)')).toBe(received);
    expect((await status()).viewers).toEqual([]);
  });
});

describe('the operator', () => {
  it('warns viewers before the desktop stops, and later ones too', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected();
    const post = (path: string, body: unknown): Promise<Response> =>
      agent.fetch(path, {
        method: 'POST',
        headers: { Authorization: `Bearer ${agent.token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(body),
      });
    const warning = { reason: 'suspending', at: '2030-01-01T00:00:00.000Z', message: 'Save your work.' };
    expect((await post('/warn', warning)).status).toBe(200);
    await viewer.until(`vdi.state.signals.some(({ type, reason }) => type === 'warning' && reason === 'suspending')`);
    expect((await post('/stop', {})).status).toBe(200);
    await viewer.until(`vdi.state.signals.some(({ code, retry }) => code === 'session-ending' && retry)`);
    await expect(viewer.connect()).rejects.toThrow('did not open');
  });

  it('sees the process end well on SIGTERM, and viewers told', async () => {
    await using door = await doorFor('alice@example.com', 'owner');
    await using viewer = await TestViewer.open(browser, door.origin);
    await viewer.connected();
    agent.child.kill('SIGTERM');
    expect(await agent.exited).toBe(0);
    await viewer.until(`vdi.state.signals.some(({ code, retry }) => code === 'session-ending' && retry)`);
  });

  it('sees the process end badly when X dies', async () => {
    const xServer = await eventually(
      () => /"xServer":(?<pid>\d+)/.exec(agent.log())?.groups?.['pid'],
      (pid) => pid !== undefined,
      { what: 'The process of the X server in the log' },
    );
    process.kill(Number(xServer), 'SIGKILL');
    expect(await agent.exited).toBe(1);
  });
});
