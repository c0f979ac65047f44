import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, launchBrowser } from '@vdi/testing/desktops';
import { startAgentProcess } from './agent-process.ts';
import { TestViewer } from './browser.ts';
import { openTestDoor } from './test-door.ts';

/** Two people and one pointer. */
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

it('is where the controller put it, for everybody else, and at once for who comes later', async () => {
  await using agent = await startAgentProcess();
  const { port: agentPort, signer, session } = agent;
  await using ownDoor = await openTestDoor({ agentPort, signer, session, user: 'alice@example.com', role: 'owner' });
  await using otherDoor = await openTestDoor({ agentPort, signer, session, user: 'bob@example.com', role: 'view' });
  await using alice = await TestViewer.open(browser, ownDoor.origin);
  await alice.connected();
  await using bob = await TestViewer.open(browser, otherDoor.origin);
  await bob.connected();

  const pointsOf = (viewer: TestViewer): Promise<[number, number][]> => viewer.value('vdi.state.motions');
  await alice.say({ type: 'button', button: 0, down: true, x: 640, y: 360 });
  await alice.say({ type: 'button', button: 0, down: false, x: 640, y: 360 });
  await eventually(
    async () => (await pointsOf(bob)).at(-1),
    (place) => place?.[0] === 640 && place[1] === 360,
  );
  await using later = await TestViewer.open(browser, otherDoor.origin);
  await later.connected();
  await eventually(
    async () => (await pointsOf(later)).at(-1),
    (place) => place?.[0] === 640 && place[1] === 360,
  );
  // Last, because nothing keeps a motion from coming later than a button that was pressed after it.
  let sequence = 0;
  await eventually(
    async () => {
      // Motion that is lost on either way is not repeated by itself.
      await alice.value(`vdi.motion(${(sequence += 1)}, ${200 + (sequence % 2)}, 120)`);
      return (await pointsOf(bob)).some(([x, y]) => x >= 200 && x <= 201 && y === 120);
    },
    (isSeen) => isSeen,
    { what: 'The pointer in the other browser' },
  );
  expect(await pointsOf(alice)).toEqual([]);
});
