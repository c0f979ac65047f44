import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { labels, sessionLabels } from './labels.ts';
import { childNames, collidedHost, homeClaimName, hostSlug, labelValue, podName, sessionName } from './names.ts';
import { userKey } from './user-key.ts';
import { normalizeUser } from './user-name.ts';
import { sessionNameMaxLength } from './vdisession.ts';

const dnsLabel = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/;
const anyUser = fc.oneof(
  fc.emailAddress(),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 254 }),
  fc.string({ unit: 'binary' }),
);
const random = fc.string({
  unit: fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz0123456789')),
  minLength: 5,
  maxLength: 5,
});
const validSession = fc.stringMatching(/^[a-z]([-a-z0-9]{0,50}[a-z0-9])?$/);

describe('the key of a user', () => {
  it('never changes: homes are found by it', () => {
    expect(userKey('alice@example.com')).toBe('76gzqgp4byjl6djerexelgd6esncrxhi');
    expect(userKey('jürgen@example.com')).toBe(userKey('JU\u0308RGEN@EXAMPLE.COM'));
  });

  it('is lower-case base32 of the first 160 bits of SHA-256', () => {
    fc.assert(
      fc.property(anyUser, (user) => {
        const digest = createHash('sha256').update(normalizeUser(user).toWellFormed()).digest();
        const bits = [...digest.subarray(0, 20)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
        const expected = (bits.match(/.{5}/g) ?? [])
          .map((group) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(group, 2)])
          .join('');
        expect(userKey(user)).toBe(expected);
      }),
    );
  });

  it('is the same for every spelling that normalizes to one name', () => {
    fc.assert(
      fc.property(anyUser, (user) => {
        expect(normalizeUser(normalizeUser(user))).toBe(normalizeUser(user));
        expect(userKey(normalizeUser(user))).toBe(userKey(user));
      }),
    );
  });
});

describe('names are DNS labels that begin with a letter', () => {
  it('for hosts of any user, with and without collision', () => {
    fc.assert(
      fc.property(anyUser, fc.uuid(), (user, uid) => {
        expect(hostSlug(user)).toMatch(dnsLabel);
        expect(collidedHost(hostSlug(user), uid)).toMatch(dnsLabel);
        expect(collidedHost(hostSlug(user), uid)).not.toBe(hostSlug(user));
      }),
    );
  });

  it('for sessions of any user, within what the API server accepts', () => {
    fc.assert(
      fc.property(anyUser, random, (user, suffix) => {
        const name = sessionName(hostSlug(user), suffix);
        expect(name).toMatch(dnsLabel);
        expect(name.length).toBeLessThanOrEqual(sessionNameMaxLength);
        expect(name.endsWith(`-${suffix}`)).toBe(true);
      }),
    );
  });

  it('for Pods and children of any session, and homes of any user', () => {
    fc.assert(
      fc.property(validSession, fc.integer({ min: 1, max: 2 ** 31 }), anyUser, (session, incarnation, user) => {
        expect(podName(session, incarnation)).toMatch(dnsLabel);
        for (const name of Object.values(childNames(session))) expect(name).toMatch(dnsLabel);
        expect(homeClaimName(userKey(user))).toMatch(dnsLabel);
      }),
    );
  });
});

describe('the host of a user', () => {
  it.each([
    ['alice@example.com', 'alice'],
    ['Alice.Müller+vdi@example.com', 'alice-muller-vdi'],
    ['auth0|5f7c', 'auth0-5f7c'],
    ['3d-lab@example.com', 'u-3d-lab'],
    ['admin@example.com', 'u-admin'],
    ['www@example.com', 'u-www'],
    ['xn--alice@example.com', 'xn-alice'],
    ['@example.com', 'example-com'],
    ['王@example.com', `u-${userKey('王@example.com').slice(0, 8)}`],
  ])('%s is %s', (user, host) => {
    expect(hostSlug(user)).toBe(host);
  });
});

describe('a label value', () => {
  it('is legal for any text, and the text itself where that is legal', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const value = labelValue(text);
        expect(value).toMatch(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/);
        expect(labelValue(value)).toBe(value);
      }),
    );
  });

  it('keeps long texts apart', () => {
    expect(labelValue(`${'a'.repeat(80)}1`)).not.toBe(labelValue(`${'a'.repeat(80)}2`));
  });
});

it('labels children with session, template and user key', () => {
  const session = {
    metadata: { name: 'alice-x7k2p' },
    spec: { user: 'alice@example.com', template: 'ubuntu-desktop' },
  };
  expect(sessionLabels(session)).toEqual({
    'app.kubernetes.io/name': 'vdi-session',
    'app.kubernetes.io/instance': 'alice-x7k2p',
    'app.kubernetes.io/managed-by': 'vdi-operator',
    'vdi.kasm.io/session': 'alice-x7k2p',
    'vdi.kasm.io/template': 'ubuntu-desktop',
    [labels.user]: userKey('alice@example.com'),
  });
});
