import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { renewTicket } from './renew-ticket.ts';

const renewUrl = new URL('https://alice.example.org/renew');
let answers: number[] = [];
const asked: string[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  vi.stubGlobal('fetch', (_url: URL, { body }: { readonly body: string }) => {
    asked.push(body);
    return Promise.resolve(new Response(null, { status: answers.shift() ?? 204 }));
  });
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Renews with the door answering `statuses`, one after the other, and tells what came of it. */
async function renewing(statuses: readonly number[], seconds: number): Promise<readonly string[]> {
  answers = [...statuses];
  const events: string[] = [];
  const controller = new AbortController();
  renewTicket({
    renewUrl,
    viewer: 'v1',
    signal: controller.signal,
    renewed: () => events.push('renewed'),
    refused: (status) => events.push(`refused ${status}`),
    forgotten: () => events.push('forgotten'),
  });
  await vi.advanceTimersByTimeAsync(seconds * 1_000);
  controller.abort();
  expect(vi.getTimerCount()).toBe(0);
  return events;
}

it('renews every thirty seconds and names the viewer', async () => {
  expect(await renewing([200, 200, 200], 91)).toEqual(['renewed', 'renewed', 'renewed']);
  expect(asked[0]).toBe('{"viewer":"v1"}');
});

it('tries again soon after a failure of the door', async () => {
  expect(await renewing([503, 200], 36)).toEqual(['renewed']);
});

it('believes a refusal when it is repeated, and stops', async () => {
  expect(await renewing([401, 401], 300)).toEqual(['refused 401']);
  expect(await renewing([403, 200], 36)).toEqual(['renewed']);
});

it('stops when the agent does not know the viewer', async () => {
  expect(await renewing([404], 300)).toEqual(['forgotten']);
});
