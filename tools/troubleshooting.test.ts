import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const page = readFileSync(join(root, 'docs/troubleshooting.md'), 'utf8');

/** The last cell of each row: a file, and the name of one of its tests or the beginning of it. */
const proofs = page
  .split('\n')
  .filter((line) => line.startsWith('| ') && !line.startsWith('| You read') && !line.startsWith('| ---'))
  .map((line) => {
    const [, file = '', test = ''] = /`([^`]+)` › (.+?) +\|$/.exec(line) ?? [];
    return { line, file, test };
  });

describe('the page for trouble', () => {
  it('has rows', () => expect(proofs.length).toBeGreaterThan(25));

  it.each(proofs)('names a test that is there: $test', ({ line, file, test }) => {
    if (file === '') expect.unreachable(`This row names no test: ${line}`);
    expect(readFileSync(join(root, file), 'utf8')).toContain(test);
  });
});
