import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { launchLine } from './launch-line.ts';

/** As the launcher of a desktop reads a line. */
const readBack = `set -f; read -r line; set --
for word in $line; do argument=$(printf '%b.' "$word"); set -- "$@" "\${argument%.}"; done
for argument; do printf '%s\\0' "$argument"; done`;

describe('a line for the launcher', () => {
  it('is read by a shell as the words that it was made of', () => {
    const command = [
      'xfce4-terminal',
      '--title',
      'Größe $HOME "a" \'b\' `c` * \\n',
      '',
      'two\nlines\n',
      '$(reboot)',
      ';',
    ];
    const { stdout } = spawnSync('sh', ['-c', readBack], { input: launchLine(command), encoding: 'utf8' });
    expect(stdout.split('\0').slice(0, -1)).toEqual(command);
  });

  it('is one line, of characters that mean nothing to a shell', () => {
    expect(launchLine(['sh', '-c', 'a\nb; c'])).toBe('sh -c a\\0012b\\0073\\0040c\n');
  });
});
