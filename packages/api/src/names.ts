import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { userKey } from './user-key.ts';
import { normalizeUser } from './user-name.ts';
import { sessionNameMaxLength } from './vdisession.ts';

/** Names of objects that follow from a session or a user. All are DNS labels of at most 63 characters. */

const labelMaxLength = 63;

/** Room for `-` and four characters of a UID behind a host slug. */
const slugMaxLength = labelMaxLength - 5;

/** Hosts that belong to the platform, or that people would take for it. */
const reservedHosts: ReadonlySet<string> = new Set([
  'admin',
  'api',
  'app',
  'auth',
  'console',
  'dashboard',
  'gateway',
  'id',
  'localhost',
  'login',
  'mail',
  'oidc',
  'sso',
  'status',
  'stun',
  'support',
  'turn',
  'vdi',
  'www',
]);

/** The PersistentVolumeClaim of a home, in each namespace. Never recomputed for a session that has one in its status. */
export function homeClaimName(key: string): string {
  return `home-${key}`;
}

/**
 * The first label of a user's host name: the local part of the address, spelt with letters and digits (`alice`).
 * Always begins with a letter, is never a host of the platform, and leaves room for `collidedHost`.
 */
export function hostSlug(user: string): string {
  const normalized = normalizeUser(user);
  const at = normalized.lastIndexOf('@');
  const localPart = at > 0 ? normalized.slice(0, at) : normalized;
  const ascii = localPart
    .normalize('NFKD')
    .replace(/\p{Mark}+/gu, '')
    .toLowerCase();
  const slug = trimmed(ascii.replace(/[^a-z0-9]+/g, '-'), slugMaxLength - 2);
  if (slug === '') return `u-${userKey(user).slice(0, 8)}`;
  return /^[a-z]/.test(slug) && !reservedHosts.has(slug) ? slug : `u-${slug}`;
}

/** The host of a session whose slug is taken: `alice-3f2a`. `uid` is that of the VDISession. */
export function collidedHost(slug: string, uid: string): string {
  return `${slug.slice(0, slugMaxLength)}-${uid.slice(0, 4)}`;
}

/** The name of a session made through GraphQL: `alice-x7k2p`. `random` is five characters of `[a-z0-9]`. */
export function sessionName(slug: string, random: string): string {
  return `${trimmed(slug, sessionNameMaxLength - 1 - random.length)}-${random}`;
}

/** The Pod of one incarnation (1, 2, …) of a session. The same incarnation has the same name, whoever computes it. */
export function podName(session: string, incarnation: number): string {
  return `${session}-${incarnation}`;
}

/** The children that carry the session's own name. */
export interface ChildNames {
  readonly service: string;
  readonly secret: string;
  readonly configMap: string;
  readonly networkPolicy: string;
  readonly route: string;
}

export function childNames(session: string): ChildNames {
  return { service: session, secret: session, configMap: session, networkPolicy: session, route: session };
}

/** A label value for any text: itself where it is one, else its beginning and a hash. */
export function labelValue(text: string): string {
  if (/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(text) && text.length <= labelMaxLength) return text;
  const hash = bytesToHex(sha256(utf8ToBytes(text))).slice(0, 8);
  const beginning = trimmed(text.replace(/[^A-Za-z0-9]+/g, '-'), labelMaxLength - hash.length - 1);
  return beginning === '' ? hash : `${beginning}-${hash}`;
}

function trimmed(text: string, maxLength: number): string {
  return text.replace(/^-+/, '').slice(0, maxLength).replace(/-+$/, '');
}
