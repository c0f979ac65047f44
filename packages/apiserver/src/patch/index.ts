export { applyJsonPatch } from './json-patch.ts';
export { applyMergePatch } from './merge-patch.ts';
export { serverSideApply } from './server-side-apply.ts';
export { applyStrategicMergePatch } from './strategic-merge-patch.ts';
export { trackUpdate } from './track-update.ts';
