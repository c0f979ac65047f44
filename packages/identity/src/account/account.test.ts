import { describe, expect, it } from 'vitest';
import { createAccount } from './account.ts';
import { createAccountDirectory } from './account-directory.ts';
import { generatePassword, hashPassword, isPassword } from './password.ts';

const facts = { user: 'alice@example.com', displayName: 'Alice', groups: ['staff'], password: 'correct horse' };

describe('an account', () => {
  it('is another one each time, and keeps no password', async () => {
    const [one, other] = await Promise.all([createAccount(facts), createAccount(facts)]);
    expect(one.id).toMatch(/^[0-9a-f]{32}$/);
    expect(one.id).not.toBe(other.id);
    expect(one.password.hash).not.toBe(other.password.hash);
    expect(JSON.stringify(one)).not.toContain(facts.password);
  });
});

describe('a directory of accounts', () => {
  it('lets in by the right password alone, however the name is spelled', async () => {
    const alice = await createAccount(facts);
    const directory = await createAccountDirectory([alice]);
    for (const user of ['alice@example.com', ' Alice@Example.COM ']) {
      expect(await directory.authenticate(user, facts.password)).toBe(alice);
    }
    for (const password of ['', 'correct hors', 'correct horse ', 'CORRECT HORSE']) {
      expect(await directory.authenticate(facts.user, password)).toBeUndefined();
    }
  });

  it('lets nobody in by a name that there is not, not even without a password', async () => {
    const directory = await createAccountDirectory([await createAccount(facts)]);
    for (const user of ['', 'bob@example.com', 'constructor', '__proto__']) {
      expect(await directory.authenticate(user, '')).toBeUndefined();
    }
  });

  it('finds accounts by id, and answers all who ask at once', async () => {
    const people = await Promise.all(['a', 'b', 'c'].map((user) => createAccount({ ...facts, user, password: user })));
    const directory = await createAccountDirectory(people);
    expect(directory.findById(people[1]!.id)).toBe(people[1]);
    expect(directory.findById('nobody')).toBeUndefined();
    const found = await Promise.all(['a', 'b', 'c'].map((user) => directory.authenticate(user, user)));
    expect(found).toEqual(people);
  });

  it('does not look at a password that nobody can have', async () => {
    const password = 'x'.repeat(1_025);
    const directory = await createAccountDirectory([await createAccount({ ...facts, password })]);
    expect(await directory.authenticate(facts.user, password)).toBeUndefined();
  });
});

describe('a password', () => {
  it('is the same in both ways in which Unicode writes it', async () => {
    const kept = await hashPassword('caf\u00e9');
    expect(await isPassword('cafe\u0301', kept)).toBe(true);
    expect(await isPassword('cafe', kept)).toBe(false);
  });

  it('is checked with the parameters that it was kept with', async () => {
    const kept = await hashPassword('secret');
    expect(kept).toMatchObject({ algorithm: 'scrypt', cost: 65_536, blockSize: 8, parallelism: 2 });
    expect(await isPassword('secret', { ...kept, parallelism: 1 })).toBe(false);
    expect(await isPassword('secret', { ...kept, hash: '' })).toBe(false);
  });

  it('that was made here can be typed, and is never made twice', () => {
    const made = Array.from({ length: 1_000 }, generatePassword);
    for (const password of made) expect(password).toMatch(/^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/);
    expect(new Set(made).size).toBe(made.length);
  });
});
