import type { PlatformRole } from './principal.ts';

/** Which groups of the provider make somebody what here. */
export interface RoleGroups {
  readonly admins: readonly string[];
  readonly operators: readonly string[];
}

export const defaultRoleGroups: RoleGroups = { admins: ['vdi-admins'], operators: ['vdi-operators'] };

/** An administrator is an operator, too. */
export function rolesOf(groups: readonly string[], { admins, operators }: RoleGroups): readonly PlatformRole[] {
  if (groups.some((group) => admins.includes(group))) return ['user', 'operator', 'admin'];
  return groups.some((group) => operators.includes(group)) ? ['user', 'operator'] : ['user'];
}
