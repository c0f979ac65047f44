import { expect, it } from 'vitest';
import { table } from './table.ts';

const machine = {
  cores: 4,
  model: 'Some CPU',
  memoryGiB: 16,
  system: 'Debian',
  kernel: '6.1',
  node: '24.0.0',
  browser: 'Chromium 1',
};

it('lines up what was measured, and leaves out what was not', () => {
  const memory = {
    agentMiB: 120.4,
    agentPssMiB: 98,
    xserverMiB: 100,
    xserverPssMiB: 60,
    controlPlaneMiB: 150,
    controlPlanePssMiB: 140,
  };
  expect(table({ machine, load: { memory: 1.5 }, memory })).toBe(
    [
      '4 cores of Some CPU, 16 GiB, Debian, Linux 6.1, Node 24.0.0, Chromium 1',
      'Load average before each part: memory 1.5',
      '',
      'Memory, MiB',
      '               RSS  PSS',
      'agent          120   98',
      'X server       100   60',
      'control plane  150  140',
    ].join('\n'),
  );
});
