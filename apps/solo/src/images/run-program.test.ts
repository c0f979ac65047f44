import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProgramFailure, runProgram } from './run-program.ts';

let workingDirectory: string;
beforeEach(async () => {
  workingDirectory = await mkdtemp(join(tmpdir(), 'vdi-program-'));
});
afterEach(() => rm(workingDirectory, { recursive: true, force: true }));

const shell = (script: string, signal: AbortSignal = new AbortController().signal): Promise<void> =>
  runProgram('/bin/sh', ['-c', script], { workingDirectory, signal });

describe('a program of a build', () => {
  it('is told of by its last words when it fails', async () => {
    await expect(shell('echo first; echo last >&2; exit 3')).rejects.toThrow(ProgramFailure);
    await expect(shell('echo first; echo last >&2; exit 3')).rejects.toThrow(/status 3: first\s+last/);
  });

  it('is interrupted with what it waits for, and waited for while it tidies up', async () => {
    const stop = new AbortController();
    // Like mmdebstrap, it does not end by itself as long as the program does that it has started.
    const script = 'trap "echo tidy > tidied" INT; sh -c "echo $$ > started; exec sleep 600"; cat tidied; exit 1';
    const running = shell(script, stop.signal);
    await expect.poll(() => existsSync(join(workingDirectory, 'started'))).toBe(true);
    stop.abort(new Error('no longer wanted'));
    await expect(running).rejects.toThrow('no longer wanted');
    expect(await readFile(join(workingDirectory, 'tidied'), 'utf8')).toBe('tidy\n');
  });
});
