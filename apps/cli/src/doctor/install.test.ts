import { describe, expect, it } from 'vitest';
import { installCommand, installMissing } from './install.ts';
import { missingNeeds, type Need } from './needs.ts';

const need = (name: string, found: string | undefined, remedy: Need['remedy']): Need => ({
  name,
  purpose: 'for the test',
  find: async () => found,
  remedy,
});

describe('what a machine lacks', () => {
  it('is what was not found', async () => {
    const present = need('a', 'version 1', { debianPackage: 'a' });
    const absent = need('b', undefined, { debianPackage: 'b' });
    expect(await missingNeeds([present, absent])).toEqual([absent]);
  });

  it('is nothing on a machine that can run this test', async () => {
    expect(await missingNeeds()).toEqual([]);
  });

  it('is installed by one command, with sudo for who is not root', () => {
    const missing = [
      need('a', undefined, { debianPackage: 'pkg-a' }),
      need('b', undefined, { debianPackage: 'pkg-b' }),
    ];
    const install = ['apt-get', 'install', '--yes', '--no-install-recommends', 'pkg-a', 'pkg-b'];
    expect(installCommand(missing, true)).toEqual(install);
    expect(installCommand(missing, false)).toEqual(['sudo', ...install]);
    expect(installCommand([], true)).toBeUndefined();
  });

  it('is told, with its remedy, when no package brings it', async () => {
    const missing = [need('a GPU', undefined, { advice: 'Put one in' })];
    await expect(installMissing(missing, () => undefined)).rejects.toMatchObject({
      code: 'NeedMissing',
      what: 'This machine lacks a GPU',
      whatToDo: 'Put one in',
    });
  });

  it('runs nothing when nothing is missing', async () => {
    const said: string[] = [];
    await installMissing([], (line) => void said.push(line));
    expect(said).toEqual([]);
  });
});
