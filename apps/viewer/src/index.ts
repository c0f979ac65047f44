export { connectViewer } from './connect-viewer.ts';
export type { CommandKey } from './input/keyboard-state.ts';
export { type PhaseMessage, phaseMessage } from './page/phase-message.ts';
export type { EndReason } from './transport/end-reason.ts';
export type { ViewerPhase } from './transport/viewer-phase.ts';
export type { Resolution } from './video/desired-viewport.ts';
export type { ViewerConnection, ViewerOptions } from './viewer-connection.ts';
export { mayDrive, people, type Person, type ViewerSnapshot } from './viewer-snapshot.ts';
