export type { Engine, EngineChoice } from './engine/engine.ts';
export { type Node, type NodeOptions, startNode } from './start-node.ts';
export { stopAllPods, type StopAllOptions } from './stop-all-pods.ts';
export { podmanSocket } from './engine/podman-settings.ts';
