import { createMetrics } from '@vdi/telemetry';
import { createDrivenClock } from '@vdi/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WorkQueue } from './work-queue.ts';
import { workQueueMetrics } from './work-queue-metrics.ts';

const key = fc.constantFrom('a', 'b', 'c');
const command = fc.oneof(
  fc.record({ type: fc.constant('add' as const), key }),
  fc.record({ type: fc.constant('addAfter' as const), key, delayMs: fc.nat(50) }),
  fc.record({ type: fc.constant('retry' as const), key }),
  fc.record({ type: fc.constant('wait' as const), milliseconds: fc.nat(20) }),
);

function aQueue() {
  const clock = createDrivenClock();
  const metrics = createMetrics();
  return { clock, metrics, queue: new WorkQueue({ clock, metrics: workQueueMetrics(metrics, 'test') }) };
}

describe('a work queue with several workers', () => {
  it('never gives a key to two of them, and loses nothing that was added', async () => {
    const commands = fc.array(command, { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(commands, fc.integer({ min: 1, max: 4 }), fc.nat(15), async (commands, workers, workMs) => {
        const { clock, queue } = aQueue();
        const working = new Set<string>();
        /** When a look at a key is owed at the latest; the look must begin after it was asked for. */
        const owed = new Map<string, number>();
        const late: string[] = [];
        const work = async (): Promise<void> => {
          for (let taken = await queue.take(); taken !== undefined; taken = await queue.take()) {
            if (working.has(taken)) late.push(`${taken} is with two workers`);
            working.add(taken);
            owed.delete(taken);
            const { promise, resolve } = Promise.withResolvers<void>();
            clock.after(workMs, resolve);
            await promise;
            working.delete(taken);
            queue.done(taken);
          }
        };
        const done = Promise.all(Array.from({ length: workers }, work));
        for (const each of commands) {
          if (each.type === 'wait') await clock.advance(each.milliseconds);
          else {
            owed.set(each.key, clock.monotonicMs());
            if (each.type === 'addAfter') queue.addAfter(each.key, each.delayMs);
            else queue[each.type](each.key);
          }
        }
        // The longest back-off of 60 retries ends after 1000 s, those of the bucket long before.
        for (let seconds = 0; seconds < 1100 && owed.size > 0; seconds += 10) await clock.advance(10_000);
        expect([...owed.keys()]).toEqual([]);
        expect(late).toEqual([]);
        queue.close();
        await clock.advance(workMs);
        await done;
        expect(clock.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('hands delayed keys out in the order in which they are due, none too early', async () => {
    const delays = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(delays, async (delays) => {
        const { clock, queue } = aQueue();
        const taken: number[] = [];
        const worker = (async () => {
          for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
            expect(clock.monotonicMs()).toBe(Number(key));
            taken.push(Number(key));
            queue.done(key);
          }
        })();
        for (const delayMs of delays) queue.addAfter(String(delayMs), delayMs);
        await clock.advance(1000);
        queue.close();
        await worker;
        expect(taken).toEqual(delays.toSorted((first, second) => first - second));
      }),
    );
  });
});

describe('a work queue', () => {
  it('hands a key out once, however often it was added before', async () => {
    const { queue } = aQueue();
    for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
    expect([await queue.take(), await queue.take()]).toEqual(['a', 'b']);
    queue.done('a');
    queue.done('b');
    await queue.whenIdle();
  });

  it('hands a key that is due at several times out at the earliest of them', async () => {
    const { queue, clock } = aQueue();
    for (const delayMs of [100, 10, 50]) queue.addAfter('a', delayMs);
    const taken = queue.take();
    await clock.advance(9);
    expect(clock.pending).toBe(1);
    await clock.advance(1);
    expect([await taken, clock.pending]).toEqual(['a', 0]);
  });

  it('hands a key out again that was added while it was worked on, and only then is idle', async () => {
    const { queue } = aQueue();
    queue.add('a');
    const first = await queue.take();
    queue.add('a');
    let isIdle = false;
    const idle = queue.whenIdle().then(() => (isIdle = true));
    queue.done(first ?? '');
    expect(await queue.take()).toBe('a');
    expect(isIdle).toBe(false);
    queue.done('a');
    await idle;
  });

  it('backs a key off further each time it fails, and starts over when it has succeeded', async () => {
    const { queue, clock } = aQueue();
    const delays: number[] = [];
    for (let attempt = 0; attempt < 20; attempt += 1) {
      if (attempt === 19) queue.forget('a');
      const { promise: due, resolve } = Promise.withResolvers<number>();
      const from = clock.monotonicMs();
      void queue.take().then((key) => {
        resolve(clock.monotonicMs() - from);
        queue.done(key ?? '');
      });
      queue.retry('a');
      await clock.advance(1_000_000);
      delays.push(await due);
    }
    expect(delays.slice(0, 5)).toEqual([5, 10, 20, 40, 80]);
    expect(delays[18]).toBe(1_000_000);
    expect(delays[19]).toBe(5);
  });

  it('lets a storm of failing keys through at ten a second, after the first hundred', async () => {
    const { queue, clock } = aQueue();
    let taken = 0;
    const worker = (async () => {
      for (let key = await queue.take(); key !== undefined; key = await queue.take()) {
        taken += 1;
        queue.done(key);
      }
    })();
    for (let number = 0; number < 150; number += 1) queue.retry(`key-${number}`);
    await clock.advance(5);
    expect(taken).toBe(100);
    await clock.advance(1_000);
    expect(taken).toBe(110);
    await clock.advance(4_000);
    expect(taken).toBe(150);
    queue.close();
    await worker;
  });

  it('tells how deep it is, and how long keys waited and were worked on', async () => {
    const { queue, clock, metrics } = aQueue();
    queue.add('a');
    queue.add('b');
    await clock.advance(2_000);
    await queue.take();
    await clock.advance(500);
    queue.done('a');
    const text = await metrics.text();
    expect(text).toContain('workqueue_depth{name="test",controller="test"} 1');
    expect(text).toContain('workqueue_adds_total{name="test",controller="test"} 2');
    expect(text).toContain('workqueue_queue_duration_seconds_sum{name="test",controller="test"} 2');
    expect(text).toContain('workqueue_work_duration_seconds_sum{name="test",controller="test"} 0.5');
  });

  it('sends its workers home when it is closed, and takes nothing more', async () => {
    const { queue, clock } = aQueue();
    const waiting = queue.take();
    queue.addAfter('later', 10);
    queue.close();
    queue.add('a');
    expect([await waiting, await queue.take(), clock.pending]).toEqual([undefined, undefined, 0]);
  });

  it('refuses to be told of the end of work that nobody began', () => {
    expect(() => aQueue().queue.done('a')).toThrow(/nobody has taken/);
  });
});
