import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TinyProgram, tinyProgram } from './tiny-program.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdi-tiny-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function install(program: TinyProgram): string {
  const path = join(folder, program);
  writeFileSync(path, tinyProgram(program), { mode: 0o755 });
  return path;
}

describe('the tiny programs', () => {
  it('end at once with success, or not before they are killed', async () => {
    expect(spawnSync(install('exit')).status).toBe(0);
    const pause = spawn(install('pause'));
    await once(pause, 'spawn');
    // Handled without an end: pause(2) returns only after a handler ran, and there is none for this one.
    pause.kill('SIGWINCH');
    expect(pause.exitCode).toBeNull();
    pause.kill('SIGTERM');
    expect((await once(pause, 'exit'))[1]).toBe('SIGTERM');
  });

  it('are small, made for both processors, and refused for others', () => {
    for (const architecture of ['x64', 'arm64']) expect(tinyProgram('pause', architecture).length).toBeLessThan(160);
    expect(() => tinyProgram('pause', 'mips')).toThrow(/processor type mips/);
  });
});
