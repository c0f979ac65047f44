import type { Logger } from '@vdi/telemetry';
import Docker from 'dockerode';
import type { EngineChoice } from '../node/engine/engine.ts';
import { findDocker, openEngine } from '../node/engine/open-engine.ts';
import { podmanFolders } from '../node/engine/podman-settings.ts';
import { findRunningProcess } from '../state/process-record.ts';
import { lockStateDirectory } from '../state/process-lock.ts';
import type { StateDirectory } from '../state/state-directory.ts';

export interface ImageEngine extends AsyncDisposable {
  readonly docker: Docker;
}

/**
 * The engine that standalone mode with this state uses: the one that a running process holds, else one of our own for as
 * long as it is needed. Then the state directory is locked, because a Podman of ours has one master.
 */
export async function openImageEngine(state: StateDirectory, engine: EngineChoice, log: Logger): Promise<ImageEngine> {
  if (findRunningProcess(state) !== undefined) {
    const found = engine === 'podman' ? undefined : await findDocker();
    const { socket } = podmanFolders(state.path, process.getuid?.() ?? 0);
    return {
      docker: found?.docker ?? new Docker({ socketPath: socket }),
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  await using owned = new AsyncDisposableStack();
  owned.use(lockStateDirectory(state));
  const { docker } = owned.use(await openEngine({ stateDirectory: state.path, choice: engine, log }));
  const kept = owned.move();
  return { docker, [Symbol.asyncDispose]: () => kept.disposeAsync() };
}
