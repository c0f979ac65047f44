import { createHash } from 'node:crypto';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import type { Logger } from '@vdi/telemetry';

import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import { readIfPresent } from '../state/private-file.ts';
import type { EngineChoice } from './engine/engine.ts';
import { engineMessage } from './engine/engine-error.ts';
import { reopenNetworks } from './network/host-firewall.ts';
import { engineLabels } from './pod/container-labels.ts';
import { removeMemoryFolders } from './volumes/memory-folder.ts';
import { writeIfChanged } from './write-if-changed.ts';

export interface StopAllOptions {
  readonly stateDirectory: string;
  readonly log: Logger;
  /** How long programs may take to end by themselves. */
  readonly graceSeconds: number;
}

/** Notes which engine has the containers of this state directory, for who stops them later. */
export function rememberEngine(stateDirectory: string, engine: EngineChoice): void {
  writeIfChanged(engineNote(stateDirectory), engine);
}

function rememberedEngine(stateDirectory: string): EngineChoice | undefined {
  const note = readIfPresent(engineNote(stateDirectory));
  return note === 'docker' || note === 'podman' ? note : undefined;
}

const engineNote = (stateDirectory: string): string => join(stateDirectory, 'node-engine');

/** Where the volumes of Pods are, by their UIDs. */
export const podsFolderOf = (stateDirectory: string): string => join(stateDirectory, 'pods');

/** Which containers in an engine are ours. */
export const ownerOf = (stateDirectory: string): string =>
  createHash('sha256').update(stateDirectory).digest('hex').slice(0, 8);

/**
 * Stops the containers of all Pods, for an end of standalone mode that is meant. They are not removed: the next start
 * finds them and goes on as their Pods say. Their volumes in memory are given back, so that nothing stays mounted: what
 * was in them ended with the programs, as on a machine that was switched off. Returns how many were stopped.
 */
export async function stopAllPods(options: StopAllOptions): Promise<number> {
  const { log, graceSeconds } = options;
  // Loaded on demand, like the node itself.
  const { openEngine } = await import('./engine/open-engine.ts');
  const stateDirectory = realpathSync(options.stateDirectory);
  const choice = rememberedEngine(stateDirectory);
  if (choice === undefined) return 0;
  await using engine = await openEngine({ stateDirectory, choice, log });
  const { docker } = engine;
  const label = [`${engineLabels.owner}=${ownerOf(stateDirectory)}`];
  const running = await docker.listContainers({ filters: { label } });
  for (const wave of stopWaves(running)) {
    await Promise.all(wave.map(({ Id }) => stop(docker, Id, graceSeconds, log)));
  }
  const left = await docker.listContainers({ filters: { label } });
  await releaseMemory(podsFolderOf(stateDirectory), podUidsOf(left), !engine.isRootless);
  if (!engine.isRootless) await reopenNetworks(ownerOf(stateDirectory));
  return running.filter(({ Labels }) => Labels[engineLabels.container] !== undefined).length;
}

const podUidsOf = (containers: readonly ContainerInfo[]): ReadonlySet<string | undefined> =>
  new Set(containers.map(({ Labels }) => Labels[engineLabels.podUid]));

/** A Pod of which something could not be stopped keeps its memory, because its next container is to see the same. */
async function releaseMemory(
  podsFolder: string,
  runningUids: ReadonlySet<string | undefined>,
  isRoot: boolean,
): Promise<void> {
  if (!existsSync(podsFolder)) return;
  for (const uid of readdirSync(podsFolder)) {
    if (!runningUids.has(uid)) await removeMemoryFolders(join(podsFolder, uid), isRoot);
  }
}

/** Who does the work first, then sidecars, and the network last: programs may want to say good-bye. */
function stopWaves(running: readonly ContainerInfo[]): readonly (readonly ContainerInfo[])[] {
  const turnOf = ({ Labels }: ContainerInfo): number => Number(Labels[engineLabels.stopTurn] ?? Infinity);
  const turns = [...new Set(running.map(turnOf))].sort((one, other) => one - other);
  return turns.map((turn) => running.filter((container) => turnOf(container) === turn));
}

async function stop(docker: Docker, id: string, graceSeconds: number, log: Logger): Promise<void> {
  try {
    await docker.getContainer(id).stop({ t: graceSeconds });
  } catch (error) {
    log.warn({ container: id, reason: engineMessage(error) }, 'Could not stop a container');
  }
}
