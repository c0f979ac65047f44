import { expect, it } from 'vitest';
import { reasonOfStatus } from './access-probe.ts';

it.each([
  [401, 'basic', 'signed-out'],
  [0, 'opaqueredirect', 'signed-out'],
  [403, 'basic', 'access-denied'],
  [410, 'basic', 'session-gone'],
  [426, 'basic', 'network'],
  [503, 'basic', 'not-running'],
  [500, 'basic', 'network'],
] as const)('takes status %d (%s) for %s', (status, type, reason) => {
  expect(reasonOfStatus(status, type)).toBe(reason);
});
