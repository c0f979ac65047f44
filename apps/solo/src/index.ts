export type { FirstPassword } from '@vdi/gateway';
export * from './images/index.ts';
export type { EngineChoice } from './node/engine/engine.ts';
export { engineNeeds, type EngineNeed } from './node/engine/engine-needs.ts';
export { stopAllPods } from './node/stop-all-pods.ts';
export { type Solo, type SoloOptions, startSolo } from './solo.ts';
export { isStillRunning, type ProcessIdentity } from './state/process-identity.ts';
export { findRunningProcess, type ProcessRecord } from './state/process-record.ts';
export { openStateDirectory, type StateDirectory, stateDirectoryAt } from './state/state-directory.ts';
