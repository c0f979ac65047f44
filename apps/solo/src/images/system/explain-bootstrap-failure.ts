import { UserError } from '@vdi/api';
import { ProgramFailure } from '../run-program.ts';

interface KnownFailure {
  readonly sign: RegExp;
  readonly why: string;
  readonly whatToDo: string;
}

const knownFailures: readonly KnownFailure[] = [
  {
    sign: /env: .mmdebstrap.: No such file|mmdebstrap: not found/,
    why: 'mmdebstrap is not installed',
    whatToDo: 'Install it: apt-get install mmdebstrap debian-archive-keyring',
  },
  {
    sign: /No space left on device|ENOSPC/,
    why: 'The disk is full',
    whatToDo: 'Make 4 GB free below /var/tmp and the state directory, and try again',
  },
  {
    sign: /NO_PUBKEY|is not signed|public key is not available/,
    why: 'The keys of the Debian archive are not on this machine',
    whatToDo: 'Install them: apt-get install debian-archive-keyring',
  },
  {
    sign: /newuidmap|newgidmap|cannot unshare|unshare\(|user namespace|superuser|subuid|--mode=unshare/,
    why: 'This user may neither act as root nor make user namespaces',
    whatToDo: 'Run as root, or install uidmap and give the user a range in /etc/subuid and /etc/subgid',
  },
  {
    sign: /Could not resolve|Temporary failure resolving|Could not connect|Connection (?:refused|timed out|failed)|Failed to fetch/,
    why: "Debian's packages cannot be downloaded from the archives that apt uses on this machine",
    whatToDo: 'Make sure that apt-get update works, and try again',
  },
];

/** What a person can do about mmdebstrap's failure; anything unknown is shown with its last lines. */
export function explainBootstrapFailure(error: unknown): unknown {
  if (!(error instanceof ProgramFailure)) return error;
  const lines = error.output.split('\n');
  const complaints = lines.filter((line) => /^E: |^W: |error|failed/i.test(line));
  const lastLines = (complaints.length === 0 ? lines : complaints).slice(-12).join('\n');
  const known = knownFailures.find(({ sign }) => sign.test(error.output));
  return new UserError('SystemNotBuilt', {
    what: 'A Debian system could not be made from packages',
    why: known?.why ?? `mmdebstrap failed; its last lines were:\n${lastLines}`,
    whatToDo: known?.whatToDo ?? 'Mend what these lines complain about, and try again',
  });
}
