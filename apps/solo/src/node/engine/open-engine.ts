import { UserError } from '@vdi/api';
import type { Logger } from '@vdi/telemetry';
import Docker from 'dockerode';
import type { Engine, EngineChoice } from './engine.ts';
import { findProgram } from './find-program.ts';
import { startPodman } from './start-podman.ts';

export interface EngineOptions {
  readonly stateDirectory: string;
  /** `auto` takes Docker where it answers, else Podman. */
  readonly choice: EngineChoice;
  readonly log: Logger;
}

const dockerSocket = '/var/run/docker.sock';
const answerMs = 2_000;

/** Finds Docker, or starts Podman with storage and settings of its own in the state directory. Throws `UserError`. */
export async function openEngine({ stateDirectory, choice, log }: EngineOptions): Promise<Engine> {
  const docker = choice === 'podman' ? undefined : await findDocker();
  if (docker !== undefined) {
    log.info({ version: docker.version }, 'Found Docker');
    return docker;
  }
  if (choice === 'docker') throw dockerIsSilent();
  const podman = findProgram('podman');
  if (podman === undefined) throw noEngine();
  return await startPodman({ podman, stateDirectory, log });
}

/** Docker, if its socket answers. */
export async function findDocker(): Promise<Engine | undefined> {
  // Only who asks whether it is there is in a hurry: an image may take minutes to load without a word.
  const probe = new Docker({ socketPath: dockerSocket, timeout: answerMs });
  try {
    await probe.ping();
    const { Version } = await probe.version();
    const { SecurityOptions = [] } = (await probe.info()) as { readonly SecurityOptions?: readonly string[] };
    return {
      docker: new Docker({ socketPath: dockerSocket }),
      flavour: 'docker',
      isRootless: process.getuid?.() !== 0 || SecurityOptions.some((option) => option.includes('rootless')),
      version: Version,
      // Somebody else's service: it is theirs to restart.
      restart: async () => undefined,
      [Symbol.asyncDispose]: async () => undefined,
    };
  } catch {
    // Not there, not ours to use, or not answering: then it is not the engine.
    return undefined;
  }
}

function dockerIsSilent(): UserError {
  return new UserError('DockerSilent', {
    what: 'Docker was asked for but does not answer',
    why: `Nothing listens on ${dockerSocket}, or this user may not use it`,
    whatToDo: 'Start it with: systemctl start docker, or leave the choice to us with --engine auto',
  });
}

function noEngine(): UserError {
  return new UserError('NoEngine', {
    what: 'There is no container engine on this machine',
    why: 'Desktops are containers; Docker does not answer and podman is not installed',
    whatToDo: 'Type: apt-get install --yes --no-install-recommends podman runc netavark uidmap slirp4netns',
  });
}
