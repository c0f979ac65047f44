import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccountDirectory } from '@vdi/identity';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openStateDirectory, type StateDirectory } from '../state/state-directory.ts';
import { openAccounts } from './first-accounts.ts';

let state: StateDirectory;
beforeEach(() => {
  state = openStateDirectory(mkdtempSync(join(tmpdir(), 'vdi-accounts-')));
});
afterEach(() => rmSync(state.path, { recursive: true }));

describe('the first accounts', () => {
  it('have passwords of their own, which let in those who have them', async () => {
    const { accounts, firstPasswords } = await openAccounts(state);
    expect(firstPasswords.map(({ user }) => user)).toEqual(['admin', 'alice@example.com']);
    const [admin = '', alice = ''] = firstPasswords.map(({ password }) => password);
    expect(admin).not.toBe(alice);
    const directory = await createAccountDirectory(accounts);
    expect(await directory.authenticate('Alice@Example.com ', alice)).toMatchObject({ user: 'alice@example.com' });
    expect(await directory.authenticate('admin', admin)).toMatchObject({ groups: ['vdi-admins'] });
    expect(await directory.authenticate('admin', alice)).toBeUndefined();
    expect(await directory.authenticate('nobody', '')).toBeUndefined();
  });

  it('are made once, and told once', async () => {
    const first = await openAccounts(state);
    expect(await openAccounts(state)).toEqual({ accounts: first.accounts, firstPasswords: [] });
  });

  it('are kept where only their owner reads, the passwords apart from the accounts', async () => {
    const { firstPasswords } = await openAccounts(state);
    for (const path of [state.accounts, state.firstPasswords]) expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const { user, password } of firstPasswords) {
      expect(readFileSync(state.accounts, 'utf8')).not.toContain(password);
      expect(readFileSync(state.firstPasswords, 'utf8')).toContain(`${user}  ${password}\n`);
    }
  });
});
