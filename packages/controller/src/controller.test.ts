import { builtinResources, createKubeClient, KubeError } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { createDrivenClock, startTestCluster, testRuntime } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import {
  type ControllerOptions,
  createController,
  createReflector,
  type Outcome,
  type Reconcile,
  requeueAfter,
  type Runtime,
  settled,
  TerminalError,
  watchMapped,
  watchObjects,
  watchOwned,
} from './index.ts';

/** A controller that nothing wakes but the test. */
function aController(reconcile: Reconcile, options: Partial<ControllerOptions> = {}, parts: Partial<Runtime> = {}) {
  const clock = createDrivenClock();
  const kube = createKubeClient({ fetch: () => expect.fail('Nothing is asked'), baseUrl: 'http://nowhere' });
  const runtime = testRuntime({ kube, clock, ...parts });
  return {
    clock,
    runtime,
    controller: createController(runtime, { name: 'test', watches: [], reconcile, ...options }),
  };
}

describe('a controller', () => {
  it('works on as many keys at once as it may, and on each alone', async () => {
    const ends: (() => void)[] = [];
    const begun: string[] = [];
    const { controller } = aController(
      (key) => {
        begun.push(key);
        const { promise, resolve } = Promise.withResolvers<void>();
        ends.push(resolve);
        return promise.then(() => settled);
      },
      { concurrency: 2 },
    );
    controller.start();
    for (const key of ['a', 'b', 'c']) controller.enqueue(key);
    controller.enqueue('a');
    await expect.poll(() => begun).toEqual(['a', 'b']);
    ends[0]?.();
    await expect.poll(() => begun).toEqual(['a', 'b', 'c']);
    ends[2]?.();
    // The second look at "a", asked for while the first went on.
    await expect.poll(() => begun).toEqual(['a', 'b', 'c', 'a']);
    for (const end of ends) end();
    await controller[Symbol.asyncDispose]();
  });

  it('looks again after the time asked for', async () => {
    const looks: number[] = [];
    const { clock, controller } = aController(() => {
      looks.push(clock.monotonicMs());
      return Promise.resolve(looks.length < 3 ? requeueAfter(60_000) : settled);
    });
    controller.start();
    controller.enqueue('a');
    await clock.advance(3_600_000);
    expect(looks).toEqual([0, 60_000, 120_000]);
    await controller[Symbol.asyncDispose]();
  });

  it('retries what throws, ever more slowly, until it succeeds', async () => {
    const looks: number[] = [];
    const { clock, runtime, controller } = aController(() => {
      looks.push(clock.monotonicMs());
      if (looks.length < 5) throw new Error('not yet');
      return Promise.resolve(settled);
    });
    controller.start();
    controller.enqueue('a');
    await clock.advance(100);
    expect(looks).toEqual([0, 5, 15, 35, 75]);
    const text = await runtime.metrics.text();
    expect(text).toContain('controller_runtime_reconcile_total{controller="test",result="error"} 4');
    expect(text).toContain('controller_runtime_reconcile_total{controller="test",result="success"} 1');
    expect(text).toContain('workqueue_retries_total{name="test",controller="test"} 4');
    await controller[Symbol.asyncDispose]();
  });

  it('begins a new row of retries after a success', async () => {
    const looks: number[] = [];
    const { clock, controller } = aController(() => {
      looks.push(clock.monotonicMs());
      if (looks.length === 3) return Promise.resolve(requeueAfter(100));
      if (looks.length < 6) throw new Error('not yet');
      return Promise.resolve(settled);
    });
    controller.start();
    controller.enqueue('a');
    await clock.advance(10_000);
    expect(looks).toEqual([0, 5, 15, 115, 120, 130]);
    await controller[Symbol.asyncDispose]();
  });

  it('does not look before its caches have seen what it wrote', async () => {
    const { promise: caughtUp, resolve: catchUp } = Promise.withResolvers<void>();
    let looks = 0;
    const look = (): Promise<Outcome> => {
      looks += 1;
      return Promise.resolve(settled);
    };
    const { clock, controller } = aController(look, { writer: { caughtUp: () => caughtUp } });
    controller.start();
    controller.enqueue('a');
    await clock.advance(0);
    expect(looks).toBe(0);
    catchUp();
    await controller.whenIdle();
    expect(looks).toBe(1);
    await controller[Symbol.asyncDispose]();
  });

  it('does not retry a terminal error, but looks again when something changes', async () => {
    let looks = 0;
    const { clock, runtime, controller } = aController(() => {
      looks += 1;
      return Promise.reject(new TerminalError('The template names an image that is not allowed'));
    });
    controller.start();
    controller.enqueue('a');
    await clock.advance(3_600_000);
    expect(looks).toBe(1);
    controller.enqueue('a');
    await clock.advance(0);
    expect(looks).toBe(2);
    expect(await runtime.metrics.text()).toContain(
      'controller_runtime_terminal_reconcile_errors_total{controller="test"} 2',
    );
    await controller[Symbol.asyncDispose]();
  });

  it('aborts what takes too long, says so, and tries again', async () => {
    const reasons: unknown[] = [];
    const { clock, runtime, controller } = aController(
      (_key, signal) => {
        if (reasons.length > 0) return Promise.resolve(settled);
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener('abort', () => {
          reasons.push(signal.reason);
          reject(signal.reason as Error);
        });
        return promise;
      },
      { timeoutMs: 5_000 },
    );
    controller.start();
    controller.enqueue('ns/a');
    await clock.advance(4_999);
    expect(reasons).toEqual([]);
    await clock.advance(1_000);
    expect(reasons).toMatchObject([{ message: 'Reconciling ns/a in test took longer than 5 s' }]);
    const text = await runtime.metrics.text();
    expect(text).toContain('controller_runtime_reconcile_timeouts_total{controller="test"} 1');
    expect(text).toContain('result="success"} 1');
    await controller[Symbol.asyncDispose]();
  });

  it('aborts its work when it is stopped, waits for that to end, and takes it for no failure', async () => {
    const lines: string[] = [];
    const logger = createLogger({
      name: 'test',
      level: 'info',
      destination: { write: (line) => void lines.push(line) },
    });
    let ended = false;
    const { controller, runtime } = aController(
      async (_key, signal) => {
        await new Promise((resolve) => {
          signal.addEventListener('abort', resolve);
        });
        await Promise.resolve();
        ended = true;
        throw signal.reason;
      },
      {},
      { logger },
    );
    controller.start();
    controller.enqueue('a');
    await expect.poll(() => runtime.metrics.text()).toContain('active_workers{controller="test"} 1');
    await controller[Symbol.asyncDispose]();
    expect(ended).toBe(true);
    expect(lines).toEqual([]);
    expect(() => controller.start()).toThrow();
  });

  it('tells a conflict from a failure in its log', async () => {
    const lines: { level: number; msg: string; key: string }[] = [];
    const destination = { write: (line: string) => void lines.push(JSON.parse(line) as (typeof lines)[number]) };
    const conflict = new KubeError({ status: 409, reason: 'Conflict', message: 'PUT failed: changed' });
    const failures: Error[] = [conflict, new Error('broken')];
    const { clock, controller } = aController(
      () => {
        const failure = failures.shift();
        return failure === undefined ? Promise.resolve(settled) : Promise.reject(failure);
      },
      {},
      { logger: createLogger({ name: 'test', destination }) },
    );
    controller.start();
    controller.enqueue('ns/a');
    await clock.advance(1_000);
    expect(lines.map(({ level, msg, key }) => [level, key, msg])).toEqual([
      [30, 'ns/a', 'Decided by an outdated view, looking again'],
      [50, 'ns/a', 'Failed to reconcile, trying again'],
    ]);
    await controller[Symbol.asyncDispose]();
  });

  it.each([-1, Number.NaN, Infinity])('cannot be asked to look again after %d ms', (milliseconds) => {
    expect(() => requeueAfter(milliseconds)).toThrow(RangeError);
  });
});

describe('what wakes a controller', () => {
  it('is the object itself, its controller’s key, and what a mapping finds for the old and the new state', async () => {
    await using cluster = await startTestCluster();
    const { kube } = cluster;
    const runtime = testRuntime(cluster);
    await using maps = createReflector(runtime, { resource: builtinResources.configMaps });
    maps.start();
    await maps.synced;
    const woken: string[] = [];
    const note = (by: string) => (key: string) => void woken.push(`${by} ${key}`);
    const stops = [
      watchObjects(maps)(note('itself')),
      watchOwned(maps, { ...builtinResources.pods, group: 'example.com' })(note('no owner')),
      watchOwned(maps, builtinResources.pods)(note('owner')),
      watchOwned(maps, builtinResources.nodes)(note('no owner')),
      watchMapped(maps, ({ metadata }) => (metadata.labels?.['of'] ? [metadata.labels['of']] : []))(note('label')),
    ];
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u' };
    const metadata = {
      name: 'm',
      namespace: 'vdi',
      labels: { of: 'x' },
      ownerReferences: [{ ...owner, controller: true }],
    };
    const made = await kube.create(builtinResources.configMaps, { metadata });
    await maps.until(() => maps.hasSeen(made.metadata.resourceVersion ?? ''), { timeoutMs: 1 });
    expect(woken.splice(0)).toEqual(['itself vdi/m', 'owner vdi/p', 'label x']);
    const value = { metadata: { labels: { of: 'y' }, ownerReferences: [owner] } };
    await kube.patch(builtinResources.configMaps, { name: 'm', namespace: 'vdi' }, { type: 'merge', value });
    await maps.until(() => woken.length > 0, { timeoutMs: 1 });
    expect(new Set(woken.splice(0))).toEqual(new Set(['itself vdi/m', 'owner vdi/p', 'label y', 'label x']));
    for (const stop of stops) stop();
    await kube.delete(builtinResources.configMaps, { name: 'm', namespace: 'vdi' });
    await maps.until(() => maps.cache.size === 0, { timeoutMs: 1 });
    expect(woken).toEqual([]);
  });
});
