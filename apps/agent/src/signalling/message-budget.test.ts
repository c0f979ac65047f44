import { expect, it } from 'vitest';
import { MessageBudget } from './message-budget.ts';

it('lets a burst through, then so many a second', () => {
  const budget = new MessageBudget({ burst: 3, perSecond: 10 });
  const at = (nowMs: number): boolean => budget.take(nowMs);
  expect([at(0), at(0), at(0), at(0)]).toEqual([true, true, true, false]);
  expect([at(99), at(100), at(101)]).toEqual([false, true, false]);
  expect([at(10_000), at(10_000), at(10_000), at(10_000)]).toEqual([true, true, true, false]);
});
