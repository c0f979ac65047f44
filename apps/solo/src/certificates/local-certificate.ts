import { openStateDirectory } from '../state/state-directory.ts';
import { openAuthority } from './authority.ts';
import { openServerCertificate, type ServerCertificate } from './server-certificate.ts';

/** A certificate for this machine's loopback names, with the authority that signed it; both are made if missing. */
export async function openLocalCertificate(
  stateDirectory: string,
  now = new Date(),
): Promise<ServerCertificate & { readonly authorityPem: string }> {
  const state = openStateDirectory(stateDirectory);
  const authority = await openAuthority(state, now);
  const server = await openServerCertificate(state, authority, now);
  return { ...server, authorityPem: authority.certificatePem };
}
