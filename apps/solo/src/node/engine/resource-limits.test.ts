import { describe, expect, it } from 'vitest';
import { ignoredLimits } from './resource-limits.ts';

const delegatedTo1000 = '/sys/fs/cgroup/user.slice/user-1000.slice/user@1000.service/cgroup.controllers';
const seen = (files: Readonly<Record<string, string>>, isRootless = true): string | undefined =>
  ignoredLimits({ isRootless, uid: 1000, read: (path) => files[path] });

describe('limits of processor and memory', () => {
  it('hold for root, whatever the kernel', () => {
    expect(seen({}, false)).toBeUndefined();
  });

  it('hold without root where systemd delegates them', () => {
    expect(
      seen({
        '/sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
        [delegatedTo1000]: 'cpu memory pids\n',
      }),
    ).toBeUndefined();
  });

  it.each([
    ['cgroups v1', {}],
    ['delegate cpu', { '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids', [delegatedTo1000]: 'memory pids\n' }],
    ['delegate cpu, memory, pids', { '/sys/fs/cgroup/cgroup.controllers': 'cpu memory pids' }],
  ])('are ignored otherwise, and it is said why: %s', (words, files) => {
    expect(seen(files)).toContain(words);
  });
});
