import type { Action } from './access-object.ts';
import type { Relation } from './relation.ts';

/**
 * Who may do what: the whole policy. No role reaches into another's desktop (`session.open`, `session.connect`); even an
 * administrator needs a share, which its owner sees.
 */
export const rules: Readonly<Record<Action, readonly Relation[]>> = {
  'session.list': ['self', 'operator', 'admin'],
  'session.get': ['owner', 'control', 'view', 'operator', 'admin'],
  'session.watch': ['owner', 'control', 'view', 'self', 'operator', 'admin'],
  'session.create': ['self', 'admin'],
  'session.delete': ['owner', 'operator', 'admin'],
  'session.suspend': ['owner', 'operator', 'admin'],
  'session.resume': ['owner', 'control', 'operator', 'admin'],
  'session.extend': ['owner', 'operator', 'admin'],
  'session.share': ['owner'],
  'session.open': ['owner', 'control', 'view'],
  'session.connect': ['owner', 'control', 'view'],
  'template.list': ['user'],
  'template.get': ['grantee', 'operator', 'admin'],
  'template.write': ['admin'],
  'user.list': ['operator', 'admin'],
  'user.get': ['self', 'operator', 'admin'],
  'user.write': ['admin'],
};
