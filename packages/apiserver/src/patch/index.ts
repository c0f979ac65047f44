export { applyJsonPatch } from './json-patch.ts';
export { applyMergePatch } from './merge-patch.ts';
export { serverSideApply, type ServerSideApply } from './server-side-apply.ts';
export { applyStrategicMergePatch } from './strategic-merge-patch.ts';
export { trackUpdate, type TrackedUpdate } from './track-update.ts';
