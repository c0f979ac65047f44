import { UserError } from '@vdi/api';
import { describe, expect, it } from 'vitest';
import { ProgramFailure } from '../run-program.ts';
import { explainBootstrapFailure } from './explain-bootstrap-failure.ts';

const adviceFor = (error: unknown): string => {
  const explained = explainBootstrapFailure(error);
  return explained instanceof UserError ? explained.whatToDo : expect.unreachable(`no advice for ${String(error)}`);
};

// Each `wrote` is what mmdebstrap 1.3 or apt wrote when this went wrong.
describe('when mmdebstrap fails, a person is told to', () => {
  it.each([
    { advice: 'apt-get install mmdebstrap', wrote: 'env: ‘mmdebstrap’: No such file or directory' },
    {
      advice: 'apt-get install debian-archive-keyring',
      wrote: "E: The repository 'http://mirror.example/debian trixie InRelease' is not signed.",
    },
    {
      advice: 'apt-get update',
      wrote: "E: Failed to fetch http://mirror.invalid/x  Could not resolve 'mirror.invalid'",
    },
    { advice: 'Make 4 GB free', wrote: 'dpkg: error processing archive: No space left on device' },
    { advice: '/etc/subuid', wrote: 'W: /etc/subuid is empty\nE: failed to parse /etc/subuid and /etc/subgid' },
    { advice: 'Mend what these lines', wrote: '/var/cache/apt/archives/debian-archive-keyring_2025.1_all.deb failed' },
  ])('$advice', ({ advice, wrote }) => {
    expect(adviceFor(new ProgramFailure('env', 'status 1', wrote))).toContain(advice);
  });

  it('read the complaints, not the last lines, when the reason is unknown', () => {
    const output = ['dpkg: error processing package x', ...Array.from({ length: 30 }, (_, line) => `I: line ${line}`)];
    const explained = explainBootstrapFailure(new ProgramFailure('env', 'status 1', output.join('\n')));
    expect((explained as UserError).why).toContain('dpkg: error processing package x');
  });
});
