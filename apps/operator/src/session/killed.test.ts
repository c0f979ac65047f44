import { describe, expect, it } from 'vitest';
import { resources } from '../objects/resources.ts';
import { aSession } from '../testing/builders.ts';
import { type Killing, TestOperator } from '../testing/test-operator.ts';

const homeName = 'home-76gzqgp4byjl6djerexelgd6esncrxhi';

/** A life with everything that writes: start, a second session that waits for the home, suspend, resume, a lost Pod, ends. */
async function live(test: TestOperator): Promise<readonly unknown[]> {
  const seen: unknown[] = [];
  const look = async (): Promise<void> => {
    await test.converge();
    const { items } = await test.kube.list(resources.sessions);
    seen.push({
      objects: await test.objects(),
      sessions: items.map(({ metadata: { name }, status }) => [
        name,
        status?.phase,
        // The end of a second choice is of the UID, which is another in each run.
        status?.host?.replace(/-[0-9a-f]{4}$/, '-UID'),
        status?.podName,
      ]),
    });
  };
  await test.create(resources.sessions, aSession());
  await look();
  await test.create(resources.sessions, aSession({}, { name: 'later' }));
  await look();
  await test.change('desk', { suspended: true });
  await look();
  await test.delete('later');
  await look();
  await test.change('desk', { suspended: false });
  await look();
  await test.node.lose('desk-1', 'Evicted');
  await look();
  await test.delete('desk');
  await look();
  return seen;
}

/** The claim and its volume, by identity: O2. */
async function home(test: TestOperator): Promise<unknown> {
  const claim = await test.kube.get(resources.claims, { namespace: 'vdi-sessions', name: homeName });
  const volume = await test.kube.get(resources.volumes, { name: claim.spec.volumeName ?? '' });
  return [
    claim.status?.phase,
    volume.spec.claimRef?.uid === claim.metadata.uid,
    volume.spec.persistentVolumeReclaimPolicy,
  ];
}

describe('an operator that is killed at any write', () => {
  it('ends where one ends that is not: nothing leaks, the home stays, and never has two writers', async () => {
    await using undisturbed = await TestOperator.start();
    const expected = await live(undisturbed);
    const writes = undisturbed.writes.length;
    expect(expected.at(-1)).toEqual({ objects: [`persistentvolumeclaims/${homeName}`], sessions: [] });
    expect(writes).toBeGreaterThan(30);

    for (const moment of ['before', 'after'] as const) {
      for (let atWrite = 0; atWrite < writes; atWrite += 1) {
        const killing: Killing = { atWrite, moment };
        await using test = await TestOperator.start({}, killing);
        // The node throws by itself when a home has two writers.
        const seen = await live(test);
        const where = `killed ${moment} write ${atWrite}: ${undisturbed.writes[atWrite]}`;
        expect(seen, where).toEqual(expected);
        expect(await home(test), where).toEqual(['Bound', true, 'Retain']);
        expect(test.kills, where).toBe(1);
      }
    }
  }, 120_000);
});
