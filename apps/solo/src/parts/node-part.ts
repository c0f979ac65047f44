import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { EngineChoice } from '../node/engine/engine.ts';
import type { NodeDoor } from '../node/node-door.ts';
import type { Node } from '../node/start-node.ts';
import type { Part } from '../part.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface NodeNeeds {
  readonly state: StateDirectory;
  readonly log: Logger;
  readonly kube: KubeClient;
  readonly nodeDoor: NodeDoor;
  readonly engine: EngineChoice | 'none';
  readonly mediaAddress: string;
}

interface NodeProvides {
  /** Undefined when Pods are not run here. */
  readonly node: Node | undefined;
}

/** The node: schedules Pods, keeps homes, and runs containers with Docker or Podman. */
export const nodePart: Part<NodeNeeds, NodeProvides> = {
  name: 'the node',
  async start({ state, log, kube, nodeDoor, engine, mediaAddress }, owned) {
    if (engine === 'none') return { node: undefined };
    // Loaded on demand: who runs no Pods needs no engine's client.
    const { startNode } = await import('../node/start-node.ts');
    const options = { kube, engine, mediaAddress, stateDirectory: state.path, log: log.child({ part: 'node' }) };
    const node = owned.use(await startNode(options));
    owned.use(nodeDoor.open(node));
    return { node };
  },
};
