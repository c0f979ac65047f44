import { normalizeUser, type VDITemplate } from '@vdi/api';
import type { Principal } from '../auth/principal.ts';
import type { AccessObject } from './access-object.ts';

/** What somebody can be to an object. `self` is the owner of sessions that are only asked about, or made. */
export type Relation = 'owner' | 'control' | 'view' | 'self' | 'grantee' | 'operator' | 'admin' | 'user';

/** Everything that the person is to the object, the closest relation first. */
export function relationsOf(principal: Principal, object: AccessObject): readonly Relation[] {
  return [...personalRelations(principal, object), ...platformRelations(principal)];
}

/** The relations that come from the groups of the person, whatever the object. */
function platformRelations({ roles }: Principal): readonly Relation[] {
  return (['admin', 'operator', 'user'] as const).filter((role) => role === 'user' || roles.includes(role));
}

function personalRelations(principal: Principal, object: AccessObject): readonly Relation[] {
  switch (object.kind) {
    case 'session': {
      const { user: owner, shares = [] } = object.session.spec;
      if (isSameUser(owner, principal)) return ['owner'];
      return shares.filter(({ user }) => isSameUser(user, principal)).map(({ role }) => role);
    }
    case 'newSession': {
      const { template } = object;
      // Without a template there is nothing to be kept from: the operator answers that it is missing.
      const mayUse = template === undefined || isGranted(principal, template);
      return mayUse && isSameUser(object.user, principal) ? ['self'] : [];
    }
    case 'sessionsOf':
    case 'user':
      return object.user !== undefined && isSameUser(object.user, principal) ? ['self'] : [];
    case 'template':
      return isGranted(principal, object.template) ? ['grantee'] : [];
    case 'none':
      break;
  }
  return [];
}

function isSameUser(user: string, principal: Principal): boolean {
  return normalizeUser(user) === principal.user;
}

/** `access` of the template: left out, everybody may use it. */
function isGranted(principal: Principal, { spec: { access } }: VDITemplate): boolean {
  if (access === undefined) return true;
  const { users = [], groups = [] } = access;
  return users.some((user) => isSameUser(user, principal)) || groups.some((group) => principal.groups.includes(group));
}
