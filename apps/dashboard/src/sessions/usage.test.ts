import { expect, it } from 'vitest';
import { usageLines } from './usage.ts';

it('shows use against limits, and leaves out what is neither used nor limited', () => {
  const account = {
    spec: { quota: { sessions: 4, gpu: 0, cpu: null, memory: '8Gi' } },
    status: { sessions: 1, usage: { gpu: null, cpu: '1500m', memory: '2Gi' } },
  };
  expect(usageLines(account, 2)).toEqual([
    { label: 'Desktops', text: '2 of 4', share: 0.5 },
    { label: 'CPU', text: '1.5', share: undefined },
    { label: 'Memory', text: '2 GiB of 8 GiB', share: 0.25 },
    { label: 'GPU', text: '0 of 0', share: 1 },
  ]);
});

it('counts desktops where the platform keeps no record', () => {
  expect(usageLines(null, 1)).toEqual([{ label: 'Desktops', text: '1', share: undefined }]);
});
