import { createDrivenClock } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { createKeyframeRequests } from './keyframe-requests.ts';

function someRequests() {
  const clock = createDrivenClock(new Date(0));
  const nowMs = () => clock.now().getTime();
  const dueAt: number[] = [];
  const requests = createKeyframeRequests(
    { nowMs, timeOrigin: 0, date: () => clock.now(), after: (delayMs, callback) => clock.after(delayMs, callback) },
    () => dueAt.push(nowMs()),
  );
  return { clock, requests, dueAt };
}

describe('requests for keyframes', () => {
  it('are answered at once, and a stream begins with one', () => {
    const { requests, dueAt } = someRequests();
    expect(requests.isDue).toBe(true);
    requests.made();
    expect(requests.isDue).toBe(false);
    expect(dueAt).toEqual([]);
  });

  it('that come soon after a keyframe are answered together, when it is time', async () => {
    const { clock, requests, dueAt } = someRequests();
    requests.made();
    for (let request = 0; request < 5; request += 1) {
      await clock.advance(20);
      requests.request();
    }
    expect(requests.isDue).toBe(false);
    await clock.advance(1000);
    expect(dueAt).toEqual([250]);
    expect(requests.isDue).toBe(true);
  });

  it('are dropped when nobody is left', async () => {
    const { clock, requests, dueAt } = someRequests();
    requests.made();
    requests.request();
    requests.cancel();
    await clock.advance(1000);
    expect(dueAt).toEqual([]);
  });
});
