/** What the groups of a person make of them here; everybody who is signed in is a `user`. */
export type PlatformRole = 'user' | 'operator' | 'admin';

/** Somebody who is signed in. */
export interface Principal {
  /** The normalised user name, as in `VDISession.spec.user`. */
  readonly user: string;
  /** `issuer#subject`: who this is, whatever they are called. */
  readonly subject: string;
  readonly displayName: string;
  readonly groups: readonly string[];
  readonly roles: readonly PlatformRole[];
  readonly expiresAt: Date;
  /** Aborted at sign-out, at expiry, and when the user is disabled: whatever runs in their name then ends. */
  readonly signal: AbortSignal;
}
