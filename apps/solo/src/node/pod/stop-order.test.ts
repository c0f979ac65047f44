import { expect, it } from 'vitest';
import { aContainer, aPod } from './pod-builders.ts';
import { stopOrder } from './stop-order.ts';

it('stops what does the work first, then the sidecars from the last to the first', () => {
  const sidecar = (name: string) => aContainer({ name, restartPolicy: 'Always' });
  const pod = aPod({ initContainers: [sidecar('display'), aContainer({ name: 'once' }), sidecar('sound')] });
  expect(stopOrder(pod)).toEqual([['once', 'main'], ['sound'], ['display']]);
});
