import { apiVersion, fieldManagers, normalizeUser, UserError, userKey, type VDIUser, vdiUser } from '@vdi/api';
import type { Profile, ProvenIdentity } from '@vdi/identity';
import { isAlreadyExists, isConflict, isNotFound, type KubeClient, resourceOf } from '@vdi/kube';

const users = resourceOf<VDIUser>(vdiUser);
const options = { fieldManager: fieldManagers.gateway };
/** How often a write that met another one is decided again from what is there now. */
const attempts = 5;

/** `issuer#subject` */
export function subjectOf({ issuer, subject }: ProvenIdentity): string {
  return `${issuer}#${subject}`;
}

/**
 * Keeps the name of a user to the person who signed in with it first, and refreshes what the provider says of them. Throws a
 * `UserError` for somebody else with that name, and for a user who is locked out.
 */
export async function bindUser(kube: KubeClient, identity: ProvenIdentity, profile: Profile): Promise<VDIUser> {
  const wanted = wantedUser(identity, profile);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await bindOnce(kube, wanted);
    } catch (error) {
      // Somebody wrote in between: what they wrote decides anew.
      const isRace = isConflict(error) || isAlreadyExists(error);
      if (!isRace || attempt === attempts) throw error;
    }
  }
}

async function bindOnce(kube: KubeClient, wanted: VDIUser): Promise<VDIUser> {
  const { name } = wanted.metadata;
  const found = await kube.get(users, { name }).catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (found === undefined) return await kube.create(users, wanted, options);
  refuseOthers(found, wanted);
  const { user: _same, ...facts } = wanted.spec;
  const value = { metadata: { resourceVersion: found.metadata.resourceVersion }, spec: facts };
  return await kube.patch(users, { name }, { type: 'merge', value }, options);
}

function wantedUser(identity: ProvenIdentity, { user, email, groups }: Profile): VDIUser {
  const name = normalizeUser(user);
  return {
    apiVersion,
    kind: 'VDIUser',
    metadata: { name: userKey(name) },
    spec: {
      user: name,
      subject: subjectOf(identity),
      groups: [...new Set(groups)],
      ...(email === undefined ? {} : { email }),
    },
  };
}

function refuseOthers(found: VDIUser, wanted: VDIUser): void {
  if (found.spec.disabled === true) {
    throw new UserError('UserDisabled', {
      what: `${found.spec.user} is locked out`,
      why: 'An administrator has disabled this user',
      whatToDo: 'Ask your administrator',
    });
  }
  if (found.spec.subject !== undefined && found.spec.subject !== wanted.spec.subject) {
    throw new UserError('UserBelongsToSomebodyElse', {
      what: `The user name ${found.spec.user} belongs to somebody else`,
      why: 'Another person, or an older account, signed in with this name before, and its desktops and home are theirs',
      whatToDo: 'Ask your administrator; if it is you, they bind the name anew by removing spec.subject of the VDIUser',
    });
  }
}
