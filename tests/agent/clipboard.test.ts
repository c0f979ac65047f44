import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, launchBrowser } from '@vdi/testing/desktops';
import { type AgentProcess, startAgentProcess } from './agent-process.ts';
import { TestViewer } from './browser.ts';
import { openTestDoor } from './test-door.ts';
import { copyInX, pasteInX, untilPasted } from './x-clipboard.ts';

/** The clipboard between a real browser and real X programs. */
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const text = (words: string): Buffer => Buffer.from(words, 'utf8');
const unicode = text('Grüße, Привет, 漢字, 👩🏽‍🚀\nsecond line\t"quoted" \\ \u0000 end');
/** A megabyte in which no part looks like another. */
const megabyte = text(
  Array.from({ length: 131_072 }, (_, index) => (index * 2_654_435_761).toString(36).slice(-7).padStart(7)).join(' '),
).subarray(0, 1_048_576);
/** One red pixel. */
const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC',
  'base64',
);

interface Desk extends AsyncDisposable {
  readonly agent: AgentProcess;
  readonly viewer: TestViewer;
}

async function openDesk(clipboard?: string, role: 'owner' | 'view' = 'owner'): Promise<Desk> {
  await using stack = new AsyncDisposableStack();
  const policy = clipboard === undefined ? {} : { VDI_POLICY: JSON.stringify({ clipboard, files: 'none' }) };
  const agent = stack.use(await startAgentProcess(policy));
  const { port: agentPort, signer, session } = agent;
  const user = 'alice@example.com';
  const door = stack.use(await openTestDoor({ agentPort, signer, session, user, role }));
  const viewer = stack.use(await TestViewer.open(browser, door.origin));
  await viewer.connected();
  const resources = stack.move();
  return { agent, viewer, [Symbol.asyncDispose]: () => resources.disposeAsync() };
}

const paste = (viewer: TestViewer, bytes: Buffer, format = 'text'): Promise<unknown> =>
  viewer.value(
    `vdi.paste(Uint8Array.from(atob('${bytes.toString('base64')}'), (byte) => byte.charCodeAt(0)), '${format}')`,
  );
const untilCopied = async (viewer: TestViewer, expected: Buffer): Promise<void> => {
  await eventually(
    async () => (await viewer.value<string | undefined>('vdi.copied()')) === expected.toString('utf8'),
    (isSame) => isSame,
    { what: 'The copy in the browser' },
  );
};
const refusals = (viewer: TestViewer): Promise<unknown[]> =>
  viewer.value(`vdi.state.control.filter(({ type }) => type === 'clipboard-refused')`);
/** The channel keeps order: what the agent said because of what it knew is there when the answer is. */
async function fence(viewer: TestViewer): Promise<void> {
  const sentAt = Math.random();
  await viewer.say({ type: 'ping', sentAt });
  await viewer.until(`vdi.state.control.some((message) => message.sentAt === ${sentAt})`);
}

describe('the clipboard', () => {
  it('carries text into the desktop, of every script and of a megabyte', async () => {
    await using desk = await openDesk();
    const { agent, viewer } = desk;
    for (const content of [unicode, megabyte, text('short')]) {
      await paste(viewer, content);
      await untilPasted(agent.display, content);
    }
    expect((await pasteInX(agent.display, 'STRING'))?.toString('latin1')).toBe('short');
    expect((await pasteInX(agent.display, 'TARGETS'))?.toString()).toContain('text/plain;charset=utf-8');
    // What came from the browser does not go back to it.
    await using _copy = await copyInX(agent.display, text('from the desktop'));
    await untilCopied(viewer, text('from the desktop'));
    expect(await viewer.value(`vdi.state.control.filter(({ type }) => type === 'clipboard').length`)).toBe(1);
  });

  it('carries text out of the desktop, of every script and of a megabyte', async () => {
    await using desk = await openDesk();
    const { agent, viewer } = desk;
    for (const content of [unicode, megabyte, text('short')]) {
      await using _copy = await copyInX(agent.display, content);
      await untilCopied(viewer, content);
    }
    await using _latin1 = await copyInX(agent.display, Buffer.from('Grüße', 'latin1'), 'STRING');
    await untilCopied(viewer, text('Grüße'));
  });

  it('carries pictures both ways', async () => {
    await using desk = await openDesk();
    const { agent, viewer } = desk;
    await paste(viewer, picture, 'png');
    await untilPasted(agent.display, picture, 'image/png');
    expect(await pasteInX(agent.display)).toBeUndefined();
    const other = Buffer.concat([picture, Buffer.alloc(300_000, 7)]);
    await using _copy = await copyInX(agent.display, other, 'image/png');
    await viewer.until(`vdi.state.control.some(({ format, isLast }) => format === 'png' && isLast)`);
    const data = await viewer.value<string[]>(
      `vdi.state.control.filter(({ type }) => type === 'clipboard').map(({ data }) => data)`,
    );
    expect(Buffer.from(data.join(''), 'base64').equals(other)).toBe(true);
  });

  it('leaves a copy of the desktop alone that comes back from the browser', async () => {
    await using desk = await openDesk();
    const { agent, viewer } = desk;
    await using _copy = await copyInX(agent.display, text('copied and pasted here'));
    await untilCopied(viewer, text('copied and pasted here'));
    await paste(viewer, text('copied and pasted here'));
    await fence(viewer);
    // `xclip` offers less than the agent does: it is still the owner.
    expect((await pasteInX(agent.display, 'TARGETS'))?.toString()).not.toContain('text/plain');
  });

  it('says so when something is too large, and goes on', async () => {
    await using desk = await openDesk();
    const { agent, viewer } = desk;
    await paste(viewer, Buffer.alloc(2 * 1_048_576 + 1, 'x'));
    await viewer.until(
      `vdi.state.control.some(({ direction, reason }) => direction === 'in' && reason === 'too-large')`,
    );
    expect(await pasteInX(agent.display)).toBeUndefined();
    await using _copy = await copyInX(agent.display, Buffer.alloc(3 * 1_048_576, 'y'));
    await viewer.until(
      `vdi.state.control.some(({ direction, reason }) => direction === 'out' && reason === 'too-large')`,
    );
    await paste(viewer, text('small'));
    await untilPasted(agent.display, text('small'));
  });
});

describe('the policy of the clipboard', () => {
  it.each(['out', 'none'])('keeps it from the desktop where it says "%s"', async (policy) => {
    await using desk = await openDesk(policy);
    const { agent, viewer } = desk;
    await paste(viewer, text('contraband'));
    await viewer.until(`vdi.state.control.some(({ direction, reason }) => direction === 'in' && reason === 'policy')`);
    expect(await refusals(viewer)).toHaveLength(1);
    expect(await pasteInX(agent.display)).toBeUndefined();
    expect(await viewer.value(`vdi.state.signals.find(({ type }) => type === 'welcome').clipboard`)).toBe(policy);
  });

  it.each(['in', 'none'])('keeps it from the browser where it says "%s"', async (policy) => {
    await using desk = await openDesk(policy);
    const { agent, viewer } = desk;
    await using _copy = await copyInX(agent.display, text('secret'));
    await untilPasted(agent.display, text('secret'));
    await using _second = await copyInX(agent.display, text('another secret'));
    await untilPasted(agent.display, text('another secret'));
    await fence(viewer);
    expect(await viewer.value(`vdi.state.control.filter(({ type }) => type === 'clipboard')`)).toEqual([]);
  });

  it('gives nothing to who only watches, and takes nothing', async () => {
    await using desk = await openDesk('both', 'view');
    const { agent, viewer } = desk;
    await paste(viewer, text('not mine'));
    await using _copy = await copyInX(agent.display, text('not for you'));
    await untilPasted(agent.display, text('not for you'));
    await fence(viewer);
    expect(await viewer.value(`vdi.state.control.filter(({ type }) => type.startsWith('clipboard'))`)).toEqual([]);
    await using _other = await copyInX(agent.display, text('still not'));
    await untilPasted(agent.display, text('still not'));
  });
});
