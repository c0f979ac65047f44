import { describe, expect, it } from 'vitest';
import { resources } from '../objects/resources.ts';
import { aSession } from '../testing/builders.ts';
import { TestOperator } from '../testing/test-operator.ts';

const minute = 60_000;

async function started(spec: Parameters<typeof aSession>[0] = {}): Promise<TestOperator> {
  const test = await TestOperator.start();
  await test.create(resources.sessions, aSession(spec));
  await test.converge();
  return test;
}

/** What is told from now on, once the test has come to rest. */
async function news(test: TestOperator, name = 'desk'): Promise<(change: () => Promise<unknown>) => Promise<unknown>> {
  let seen = await test.events(name);
  return async (change) => {
    await change();
    await test.converge();
    const now = await test.events(name);
    const told = now.filter((event) => !seen.includes(event));
    seen = now;
    return told;
  };
}

describe('the events of a session', () => {
  it('are three for a clean start', async () => {
    await using test = await started();
    expect(await test.events()).toEqual(['Normal HomeBound ×1', 'Normal PodCreated ×1', 'Normal Ready ×1']);
  });

  it('tell that it was suspended, and that it was resumed', async () => {
    await using test = await started();
    const toldBy = await news(test);
    expect(await toldBy(() => test.change('desk', { suspended: true }))).toEqual([
      'Normal Suspended ×1',
      'Normal Suspending ×1',
    ]);
    expect(await toldBy(() => test.change('desk', { suspended: false }))).toEqual(
      expect.arrayContaining(['Normal Resumed ×1', 'Normal PodCreated ×2', 'Normal Ready ×2']),
    );
  });

  it('tell why a Pod was lost, and what comes next', async () => {
    await using test = await started();
    const toldBy = await news(test);
    expect(await toldBy(() => test.node.lose('desk-1', 'Evicted'))).toEqual(
      expect.arrayContaining(['Warning Restarting ×1', 'Normal Ready ×2']),
    );
    const { items } = await test.kube.list(resources.events, { namespace: 'vdi-sessions' });
    const messages = (items as readonly { readonly message?: string }[]).map(({ message }) => message);
    expect(messages).toContainEqual(expect.stringContaining('"desk-1" was lost (Evicted: Evicted by the test)'));
    expect(messages).toContain('Created Pod "desk-2".');
  });

  it('tell what stands against a start, once', async () => {
    await using test = await started({ template: 'nothing' });
    await test.cluster.clock.advance(10 * minute);
    await test.converge();
    expect(await test.events()).toEqual(['Warning TemplateNotFound ×1']);
  });

  it('tell of the end before it comes, once', async () => {
    await using test = await started({ timeout: '1h' });
    const toldBy = await news(test);
    expect(await toldBy(() => test.cluster.clock.advance(56 * minute))).toEqual(['Normal ExpiresSoon ×1']);
    expect(await toldBy(() => test.cluster.clock.advance(minute))).toEqual([]);
    expect(await toldBy(() => test.cluster.clock.advance(4 * minute))).toEqual(
      expect.arrayContaining(['Normal Expired ×1']),
    );
  });

  it('are lost without harm where they cannot be written', async () => {
    await using test = await TestOperator.start();
    test.refusesEvents = true;
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
    expect(await test.events()).toEqual([]);
  });
});
