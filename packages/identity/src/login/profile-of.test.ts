import { describe, expect, it } from 'vitest';
import { profileOf } from './profile-of.ts';

const names = { user: 'email', groups: 'groups' };
const profile = (claims: Readonly<Record<string, unknown>>, claimNames = names) =>
  profileOf({ issuer: 'https://login.example', subject: 's-1', claims }, claimNames);
const verified = { email: 'Alice@Example.com', email_verified: true };

describe('what claims say of a person', () => {
  it('is taken as it is', () => {
    expect(profile({ ...verified, name: 'Alice', groups: ['staff', 'vdi-admins'] })).toEqual({
      user: 'Alice@Example.com',
      displayName: 'Alice',
      email: 'Alice@Example.com',
      groups: ['staff', 'vdi-admins'],
    });
  });

  it.each([
    ['is not verified', { email: 'a@example.com', email_verified: false }],
    ['may be verified or not', { email: 'a@example.com' }],
    ['is verified in another type', { email: 'a@example.com', email_verified: 'true' }],
    ['is missing', { email_verified: true }],
    ['is empty', { email: '', email_verified: true }],
    ['is no text', { email: ['a@example.com'], email_verified: true }],
    ['is longer than any', { email: `${'a'.repeat(250)}@example.com`, email_verified: true }],
  ])('gives nobody a name by an address that %s', (_what, claims) => {
    expect(profile(claims)).toMatchObject({ user: 's-1', email: undefined });
  });

  it('takes the name from the claim that was agreed on, and the subject where there is none', () => {
    const byName = { user: 'preferred_username', groups: 'groups' };
    expect(profile({ ...verified, preferred_username: 'alice' }, byName).user).toBe('alice');
    expect(profile(verified, byName)).toMatchObject({ user: 's-1', email: 'Alice@Example.com' });
  });

  it.each([
    [undefined, []],
    ['staff', []],
    [{ staff: true }, []],
    [['staff', '', 7, null, ['nested']], ['staff']],
  ])('takes %j for the groups %j', (groups, expected) => {
    expect(profile({ groups }).groups).toEqual(expected);
  });

  it('takes groups from another claim, and not thousands of them', () => {
    const roles = Array.from({ length: 1_000 }, (_, index) => `role ${index}`);
    expect(profile({ roles, groups: ['no'] }, { user: 'email', groups: 'roles' }).groups).toEqual(roles.slice(0, 256));
  });

  it('shows the name where nothing is told to show', () => {
    expect(profile(verified).displayName).toBe('Alice@Example.com');
    expect(profile({ ...verified, name: 7 }).displayName).toBe('Alice@Example.com');
  });
});
