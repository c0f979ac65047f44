import type { VDISession, VDITemplate } from '@vdi/api';
import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../audit/audit-log.ts';
import type { PlatformRole, Principal } from '../auth/principal.ts';
import { type AccessObject, type Action, actions } from './access-object.ts';
import { createAuthorizer, decide } from './authorize.ts';

const person = (
  user: string,
  roles: readonly PlatformRole[] = ['user'],
  groups: readonly string[] = [],
): Principal => ({
  user,
  subject: `https://login.example#${user}`,
  displayName: user,
  groups,
  roles,
  expiresAt: new Date(0),
  signal: new AbortController().signal,
});

const session: VDISession = {
  apiVersion: 'vdi.kasm.io/v1alpha1',
  kind: 'VDISession',
  metadata: { name: 'work', namespace: 'vdi', uid: 'u1' },
  spec: {
    user: 'alice@example.com',
    template: 'ubuntu',
    shares: [
      { user: 'carol@example.com', role: 'control' },
      { user: 'victor@example.com', role: 'view' },
    ],
  },
};

const template = (access?: VDITemplate['spec']['access']): VDITemplate => ({
  apiVersion: 'vdi.kasm.io/v1alpha1',
  kind: 'VDITemplate',
  metadata: { name: 'ubuntu' },
  spec: { image: 'docker.io/library/debian:13', ...(access === undefined ? {} : { access }) },
});

const people: Readonly<Record<string, Principal>> = {
  owner: person('alice@example.com'),
  control: person('carol@example.com'),
  view: person('victor@example.com'),
  stranger: person('mallory@example.com'),
  operator: person('otto@example.com', ['user', 'operator']),
  admin: person('anna@example.com', ['user', 'operator', 'admin']),
};

const aboutSession: AccessObject = { kind: 'session', session };
const aboutOwnSessions: AccessObject = { kind: 'sessionsOf', user: 'alice@example.com' };
const aboutAllSessions: AccessObject = { kind: 'sessionsOf', user: undefined };
const aboutNewSession: AccessObject = { kind: 'newSession', user: 'alice@example.com', template: template() };
const aboutClosedTemplate: AccessObject = { kind: 'template', template: template({ users: ['alice@example.com'] }) };
const aboutUser: AccessObject = { kind: 'user', user: 'alice@example.com' };
const aboutNothing: AccessObject = { kind: 'none' };

/** Each action with each kind of object it is asked about, and everybody who may. The rest may not. */
const table: readonly (readonly [Action, AccessObject, readonly string[]])[] = [
  ['session.list', aboutOwnSessions, ['owner', 'operator', 'admin']],
  ['session.list', aboutAllSessions, ['operator', 'admin']],
  ['session.watch', aboutOwnSessions, ['owner', 'operator', 'admin']],
  ['session.watch', aboutAllSessions, ['operator', 'admin']],
  ['session.watch', aboutSession, ['owner', 'control', 'view', 'operator', 'admin']],
  ['session.get', aboutSession, ['owner', 'control', 'view', 'operator', 'admin']],
  ['session.create', aboutNewSession, ['owner', 'admin']],
  ['session.delete', aboutSession, ['owner', 'operator', 'admin']],
  ['session.suspend', aboutSession, ['owner', 'operator', 'admin']],
  ['session.resume', aboutSession, ['owner', 'control', 'operator', 'admin']],
  ['session.extend', aboutSession, ['owner', 'operator', 'admin']],
  ['session.share', aboutSession, ['owner']],
  ['session.open', aboutSession, ['owner', 'control', 'view']],
  ['session.connect', aboutSession, ['owner', 'control', 'view']],
  ['template.list', aboutNothing, ['owner', 'control', 'view', 'stranger', 'operator', 'admin']],
  ['template.get', aboutClosedTemplate, ['owner', 'operator', 'admin']],
  ['template.write', aboutClosedTemplate, ['admin']],
  ['user.list', aboutNothing, ['operator', 'admin']],
  ['user.get', aboutUser, ['owner', 'operator', 'admin']],
  ['user.write', aboutUser, ['admin']],
];

describe('the authorizer', () => {
  it.each(table)('%s is allowed to exactly who should be (%#)', (action, object, allowed) => {
    const found = Object.keys(people).filter((name) => decide(people[name], action, object).allowed);
    expect(found).toEqual(allowed);
  });

  it('has a rule and a case for every action', () => {
    expect(new Set(table.map(([action]) => action))).toEqual(new Set(actions));
  });

  it.each(table)('%s is denied to who is not signed in (%#)', (action, object) => {
    expect(decide(undefined, action, object)).toMatchObject({ allowed: false, code: 'UNAUTHENTICATED' });
  });

  it('denies a principal whose sign-in has ended', () => {
    const ended: Principal = { ...person('alice@example.com'), signal: AbortSignal.abort() };
    expect(decide(ended, 'session.get', aboutSession)).toMatchObject({ allowed: false, code: 'UNAUTHENTICATED' });
  });

  it('says the right in whose name somebody gets in', () => {
    const roles = ['owner', 'control', 'view'].map((name) => decide(people[name], 'session.connect', aboutSession));
    expect(roles).toEqual(['owner', 'control', 'view'].map((as) => ({ allowed: true, as })));
  });

  it('takes an owner written in another case for the same person', () => {
    const spelled: AccessObject = {
      kind: 'session',
      session: { ...session, spec: { ...session.spec, user: 'Alice@Example.com' } },
    };
    expect(decide(people['owner'], 'session.open', spelled)).toEqual({ allowed: true, as: 'owner' });
  });

  it('lets nobody make a session from a template that is not open to them, unless a group of theirs is named', () => {
    const closed: AccessObject = {
      kind: 'newSession',
      user: 'alice@example.com',
      template: template({ groups: ['staff'] }),
    };
    expect(decide(person('alice@example.com'), 'session.create', closed)).toMatchObject({ code: 'FORBIDDEN' });
    expect(decide(person('alice@example.com', ['user'], ['staff']), 'session.create', closed)).toEqual({
      allowed: true,
      as: 'owner',
    });
  });

  it('writes one audit event for each decision, and decides nothing that it cannot write', () => {
    const events: AuditEvent[] = [];
    const via = { surface: 'http', requestId: 'r1', address: '127.0.0.1' } as const;
    const authorizer = createAuthorizer({ audit: { record: (event) => void events.push(event) } });
    authorizer.decide(people['owner'], 'session.open', aboutSession, via);
    authorizer.decide(people['stranger'], 'session.open', aboutSession, via);
    expect(events).toEqual([
      expect.objectContaining({ user: 'alice@example.com', object: 'session vdi/work u1', allowed: true, ...via }),
      expect.objectContaining({ user: 'mallory@example.com', allowed: false, code: 'FORBIDDEN', ...via }),
    ]);
    const full = createAuthorizer({
      audit: {
        record() {
          throw new Error('no space left on device');
        },
      },
    });
    expect(() => full.decide(people['owner'], 'session.open', aboutSession, via)).toThrow('no space left');
  });
});
