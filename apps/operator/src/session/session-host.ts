import { collidedHost, hostSlug, type VDISession } from '@vdi/api';
import type { SessionAddress } from '../settings.ts';
import { uidOf } from './input.ts';

/** The hosts that a session may get, the nicest first. */
export function hostCandidates(session: VDISession): readonly string[] {
  const slug = hostSlug(session.spec.user);
  return [slug, collidedHost(slug, uidOf(session))];
}

/** The host of a session, kept for ever once it has one; undefined when even the last choice is taken. */
export function chooseHost(session: VDISession, taken: ReadonlySet<string>): string | undefined {
  return session.status?.host ?? hostCandidates(session).find((host) => !taken.has(host));
}

/** `alice.vdi.example.com` or `alice.localhost`. */
export function hostName(host: string, address: SessionAddress): string {
  return `${host}.${address.kind === 'domain' ? address.domain : 'localhost'}`;
}

/** Where people reach the session. Browsers take `*.localhost` for a secure context, so plain HTTP does there. */
export function sessionUrl(host: string, address: SessionAddress): string {
  if (address.kind === 'localhost') return `http://${hostName(host, address)}:${address.port}`;
  const port = address.port === undefined || address.port === 443 ? '' : `:${address.port}`;
  return `https://${hostName(host, address)}${port}`;
}
