import type { ProvenIdentity } from './oidc-login.ts';

/** Which claims say what. */
export interface ClaimNames {
  /** Becomes the user name. `email` counts only with `email_verified`; without it, or when it is missing, `sub` does. */
  readonly user: string;
  readonly groups: string;
}

/** Facts about a person, from the claims of their ID token. Texts that are missing or of another type count as absent. */
export interface Profile {
  readonly user: string;
  readonly displayName: string;
  readonly email: string | undefined;
  readonly groups: readonly string[];
}

const mostGroups = 256;

export function profileOf({ subject, claims }: ProvenIdentity, names: ClaimNames): Profile {
  const email = claims['email_verified'] === true ? text(claims['email']) : undefined;
  const user = (names.user === 'email' ? email : text(claims[names.user])) ?? subject;
  const groups = claims[names.groups];
  return {
    user,
    displayName: text(claims['name']) ?? user,
    email,
    groups: Array.isArray(groups) ? groups.filter((name) => text(name) !== undefined).slice(0, mostGroups) : [],
  };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.length > 0 && value.length <= 254 ? value : undefined;
}
