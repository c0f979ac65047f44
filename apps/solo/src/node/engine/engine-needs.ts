import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { findProgram } from './find-program.ts';

/** Something that running containers needs of the machine, for `vdi doctor`. */
export interface EngineNeed {
  readonly name: string;
  /** What it is needed for, as the end of "needed …". */
  readonly purpose: string;
  /** What was found, in few words; undefined when it is missing. */
  find(): Promise<string | undefined>;
  readonly remedy: { readonly debianPackage: string } | { readonly advice: string };
}

/** The engine, and where that is Podman, the programs around it. With Docker all are met. */
export const engineNeeds: readonly EngineNeed[] = [
  program('a container engine', 'to run desktops', ['podman'], 'podman'),
  program('an OCI runtime', 'by Podman to run containers', ['crun', 'runc'], 'runc'),
  program('conmon', 'by Podman to keep containers running when it ends', ['conmon'], 'conmon'),
  program('container networks', 'to keep sessions apart', ['netavark'], 'netavark'),
  ...(isRoot()
    ? [program('iptables', 'by Podman to publish ports', ['iptables', 'nft'], 'iptables')]
    : rootlessNeeds()),
];

function rootlessNeeds(): readonly EngineNeed[] {
  return [
    program('newuidmap', 'to run containers without root', ['newuidmap'], 'uidmap'),
    program('a network for containers without root', 'to reach them', ['slirp4netns', 'pasta'], 'slirp4netns'),
    {
      name: 'subordinate user IDs',
      purpose: 'to run containers without root',
      find: async () => ((await dockerVersion()) !== undefined ? 'not needed with Docker' : subordinateIds()),
      remedy: {
        advice: `Type: sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 ${userInfo().username}`,
      },
    },
  ];
}

function program(name: string, purpose: string, programs: readonly string[], debianPackage: string): EngineNeed {
  return {
    name,
    purpose,
    find: async () => {
      const version = await dockerVersion();
      if (version !== undefined) return `Docker ${version}`;
      return programs.map(findProgram).find((path) => path !== undefined);
    },
    remedy: { debianPackage },
  };
}

async function dockerVersion(): Promise<string | undefined> {
  // Loaded on demand: the command line names these needs even when it does not look for them.
  const { findDocker } = await import('./open-engine.ts');
  return (await findDocker())?.version;
}

/** subuid(5): lines of `user:first:count`. */
function subordinateIds(): string | undefined {
  const { username, uid } = userInfo();
  try {
    const line = readFileSync('/etc/subuid', 'utf8')
      .split('\n')
      .find((text) => [username, String(uid)].includes(text.split(':', 1)[0] ?? ''));
    return line;
  } catch {
    // No such file means that nobody has any.
    return undefined;
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}
