import type { Pod } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import type { ContainerView } from './container-view.ts';
import { type ContainerSituation, planPod } from './plan.ts';
import { aContainer, aPod, anEnd, aView } from './pod-builders.ts';

const at = (afterSeconds: number): Date => new Date(Date.parse('2026-01-02T10:00:00Z') + afterSeconds * 1000);

/** What starts, by name, given the latest attempts. Containers in `started` have passed hook and startup probe. */
function plan(
  pod: Pod,
  latest: Readonly<Record<string, ContainerView>>,
  { started = [] as readonly string[], seconds = 0 } = {},
) {
  const of = (name: string): ContainerSituation => ({ latest: latest[name], isStarted: started.includes(name) });
  const { start, ...rest } = planPod(pod, { now: at(seconds), of });
  return { ...rest, start: start.map(({ name }) => name) };
}

const pod = aPod({
  initContainers: [
    aContainer({ name: 'display', restartPolicy: 'Always' }),
    aContainer({ name: 'prepare' }),
    aContainer({ name: 'sound', restartPolicy: 'Always' }),
  ],
  containers: [aContainer({ name: 'one' }), aContainer({ name: 'two' })],
});
const running = (name: string): ContainerView => aView({ container: name });

describe('the plan for a Pod', () => {
  it('starts one init container after the other, then all others at once', () => {
    expect(plan(pod, {}).start).toEqual(['display']);
    expect(plan(pod, { display: running('display') }).start).toEqual([]);
    expect(plan(pod, { display: running('display') }, { started: ['display'] }).start).toEqual(['prepare']);
    const prepared = { display: running('display'), prepare: anEnd(1, 0) };
    expect(plan(pod, prepared, { started: ['display'] }).start).toEqual(['sound']);
    const all = { ...prepared, sound: running('sound') };
    expect(plan(pod, all, { started: ['display', 'sound'] })).toMatchObject({
      start: ['one', 'two'],
      isInitialized: true,
    });
  });

  it('starts containers that were only created', () => {
    const created = aView({ state: 'created', startedAt: undefined });
    expect(plan(aPod(), { main: created }).start).toEqual(['main']);
  });

  it('tries an init container again, unless the Pod is never restarted', () => {
    const failed = { display: running('display'), prepare: anEnd(1, 1) };
    expect(plan(pod, failed, { started: ['display'], seconds: 2 }).start).toEqual(['prepare']);
    const never = { ...pod, spec: { ...pod.spec, restartPolicy: 'Never' as const } };
    expect(plan(never, failed, { started: ['display'], seconds: 2 }).outcome).toBe('Failed');
  });

  it('restarts a sidecar beside the others, without holding them up', () => {
    const latest = {
      display: anEnd(5, 0),
      prepare: anEnd(1, 0),
      sound: running('sound'),
      one: running('one'),
      two: running('two'),
    };
    expect(plan(pod, latest, { seconds: 6 })).toMatchObject({ start: ['display'], outcome: undefined });
  });

  it('waits while a container is in back-off, and says until when', () => {
    const ended = anEnd(5, 1, { attempt: 1, backOffSeconds: 10 });
    expect(plan(aPod(), { main: ended }, { seconds: 14 })).toMatchObject({ start: [], again: at(15) });
    expect(plan(aPod(), { main: ended }, { seconds: 15 }).start).toEqual(['main']);
  });

  it.each([
    ['Never', [0, 0], 'Succeeded'],
    ['Never', [0, 2], 'Failed'],
    ['OnFailure', [0, 0], 'Succeeded'],
    ['OnFailure', [0, 2], undefined],
    ['Always', [0, 0], undefined],
  ] as const)('with restartPolicy %s and exit codes %j ends as %s', (restartPolicy, [one, two], outcome) => {
    const spec = { restartPolicy, containers: [aContainer({ name: 'one' }), aContainer({ name: 'two' })] };
    expect(plan(aPod(spec), { one: anEnd(1, one), two: anEnd(1, two) }, { seconds: 2 }).outcome).toBe(outcome);
  });
});
