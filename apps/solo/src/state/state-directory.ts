import { accessSync, chmodSync, constants, lstatSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UserError } from '@vdi/api';
import { makeDirectory } from './make-directory.ts';

/** Where everything that standalone mode remembers lies. Only its owner may look inside. */
export interface StateDirectory {
  readonly path: string;
  readonly database: string;
  readonly lock: string;
  readonly processRecord: string;
  readonly adminToken: string;
  readonly kubeconfig: string;
  readonly authorityCertificate: string;
  readonly authorityKey: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
  readonly ticketKeys: string;
  /** People who sign in at the embedded provider, with hashes of their passwords. */
  readonly accounts: string;
  /** The generated passwords of the first accounts, to be read once more. */
  readonly firstPasswords: string;
  readonly providerKeys: string;
  /** Seals the cookies of who is signed in. */
  readonly cookieKey: string;
  readonly audit: string;
  readonly log: string;
}

/** The paths inside a state directory, whether it exists or not. */
export function stateDirectoryAt(path: string): StateDirectory {
  const root = resolve(path);
  return {
    path: root,
    database: join(root, 'cluster.db'),
    lock: join(root, 'lock.db'),
    processRecord: join(root, 'process.json'),
    adminToken: join(root, 'admin-token'),
    kubeconfig: join(root, 'kubeconfig'),
    authorityCertificate: join(root, 'ca.crt'),
    authorityKey: join(root, 'ca.key'),
    serverCertificate: join(root, 'server.crt'),
    serverKey: join(root, 'server.key'),
    ticketKeys: join(root, 'ticket-keys.json'),
    accounts: join(root, 'accounts.json'),
    firstPasswords: join(root, 'first-passwords.txt'),
    providerKeys: join(root, 'provider-keys.json'),
    cookieKey: join(root, 'cookie-key'),
    audit: join(root, 'audit.jsonl'),
    log: join(root, 'vdi.log'),
  };
}

/** Makes the directory, or makes sure that the one found is ours and closed to others. */
export function openStateDirectory(path: string): StateDirectory {
  const state = stateDirectoryAt(path);
  try {
    makeDirectory(state.path);
  } catch (cause) {
    throw unusable(state, 'could not be made', {
      why: cause instanceof Error ? cause.message : String(cause),
      whatToDo: 'Choose another with --state-dir, or make the directory above it writable for you',
    });
  }
  const found = lstatSync(state.path);
  if (!statSync(state.path).isDirectory()) {
    throw unusable(state, 'is not used', { why: 'It is a file', whatToDo: 'Choose another with --state-dir' });
  }
  if (found.uid !== process.getuid?.()) {
    throw unusable(state, 'is not used', {
      why: `It belongs to the user with id ${found.uid}, who could read the keys in it`,
      whatToDo: 'Choose another with --state-dir, or run as that user',
    });
  }
  if ((found.mode & 0o077) !== 0) chmodSync(state.path, 0o700);
  try {
    accessSync(state.path, constants.W_OK);
  } catch (cause) {
    throw unusable(state, 'cannot be written to', {
      why: cause instanceof Error ? cause.message : String(cause),
      whatToDo: 'Mount its file system writable, or choose another directory with --state-dir',
    });
  }
  return state;
}

function unusable(
  { path }: StateDirectory,
  problem: string,
  rest: { readonly why: string; readonly whatToDo: string },
): UserError {
  return new UserError('StateDirectoryUnusable', { what: `The state directory ${path} ${problem}`, ...rest });
}
