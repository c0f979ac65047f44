import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { VolumeFile } from './projected-files.ts';
import { writeProjectedFolder } from './write-projected-folder.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdi-projected-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const file = (path: string, text: string, mode = 0o644): VolumeFile => ({ path, content: Buffer.from(text), mode });
const owner = { fsGroup: undefined, mayChangeOwner: true };
const visible = (): readonly string[] => readdirSync(folder).filter((name) => !name.startsWith('..'));

describe('a folder made of API objects', () => {
  it('shows all files, in folders too, through one link', () => {
    writeProjectedFolder(folder, [file('a', 'A', 0o400), file('deep/b', 'B')], owner);
    expect(readFileSync(join(folder, 'deep/b'), 'utf8')).toBe('B');
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o400);
    expect(readlinkSync(join(folder, 'a'))).toBe('..data/a');
  });

  it('changes as a whole, leaves no older version, and drops names that are gone', () => {
    writeProjectedFolder(folder, [file('a', '1'), file('b', '1')], owner);
    const before = readlinkSync(join(folder, '..data'));
    expect(writeProjectedFolder(folder, [file('a', '1'), file('b', '1')], owner)).toBe(false);
    expect(writeProjectedFolder(folder, [file('a', '2')], owner)).toBe(true);
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('2');
    expect(visible()).toEqual(['a']);
    expect(readdirSync(folder)).not.toContain(before);
    expect(readdirSync(folder).filter((name) => name.startsWith('..')).length).toBe(2);
  });

  it('is readable by the group that the Pod names', () => {
    const group = process.getgid?.() ?? 0;
    const mayChangeOwner = process.getuid?.() === 0;
    writeProjectedFolder(folder, [file('key', 'k', 0o400)], { fsGroup: group, mayChangeOwner });
    expect(statSync(join(folder, 'key')).mode & 0o040).toBe(0o040);
  });
});
