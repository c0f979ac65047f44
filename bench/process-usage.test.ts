import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { cpuSeconds, parseCpuTicks, parseMemory, processMemory, programOf, withDescendants } from './process-usage.ts';

it('finds user and system time behind a name with brackets and spaces', () => {
  const stat = '42 (Web (x) y) S 1 42 42 0 -1 4194304 100 0 0 0 123 45 0 0 20 0 1 0 100 0 0';
  expect(parseCpuTicks(stat)).toBe(168);
});

it('reads resident and proportional memory in MiB', () => {
  const text =
    '55d0-7fff ---p 00000000 00:00 0 [rollup]\nRss:              204800 kB\nPss:               51200 kB\nPss_Dirty:  1 kB\n';
  expect(parseMemory(text)).toEqual({ rss: 200, pss: 50 });
});

it('says so when the kernel tells no memory', () => {
  expect(() => parseMemory('')).toThrow('The kernel does not tell the Rss of a process.');
});

it('tells of a process that runs', async () => {
  const child = spawn('sleep', ['60']);
  await once(child, 'spawn');
  try {
    const { pid = 0 } = child;
    expect(withDescendants(process.pid)).toContain(pid);
    expect(programOf(pid)).toBe('sleep');
    expect(cpuSeconds(process.pid)).toBeGreaterThan(0);
    expect(processMemory(process.pid).rss).toBeGreaterThan(10);
  } finally {
    child.kill();
    await once(child, 'exit');
  }
});
