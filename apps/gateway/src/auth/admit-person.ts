import { normalizeUser } from '@vdi/api';
import { type ClaimNames, profileOf, type ProvenIdentity } from '@vdi/identity';
import type { KubeClient } from '@vdi/kube';
import { bindUser, subjectOf } from './bind-user.ts';
import { type RoleGroups, rolesOf } from './roles-of.ts';
import type { SignedInPerson } from './sign-in-record.ts';

export interface AdmissionOptions {
  readonly kube: KubeClient;
  readonly claims: ClaimNames;
  readonly roleGroups: RoleGroups;
}

/**
 * What somebody whom the provider vouches for is here, whether in an ID token or an access token: the same name, bound to
 * the same person, with the same roles.
 *
 * @throws UserError for a name that belongs to somebody else, and for a user who is locked out
 */
export async function admitPerson(
  identity: ProvenIdentity,
  { kube, claims, roleGroups }: AdmissionOptions,
): Promise<SignedInPerson> {
  const profile = profileOf(identity, claims);
  const { spec } = await bindUser(kube, identity, profile);
  return {
    user: normalizeUser(spec.user),
    subject: subjectOf(identity),
    displayName: profile.displayName,
    groups: profile.groups,
    roles: rolesOf(profile.groups, roleGroups),
  };
}
