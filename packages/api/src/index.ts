export { activeWindowPattern, parseActiveWindow, type ActiveWindow } from './active-window.ts';
export { findCondition, isTrue, setCondition, type Condition, type ConditionUpdate } from './condition.ts';
export { crdManifests, objectSchema, type CrdManifest } from './crd.ts';
export { derivePhase, isLeaving } from './derive-phase.ts';
export { formatDuration, parseDuration } from './duration.ts';
export { effectiveTemplate, type EffectiveTemplate } from './effective-template.ts';
export { kinds } from './kinds.ts';
export { effectiveProtocol, knownImage, type KnownImage } from './known-images.ts';
export {
  annotations,
  applicationName,
  fieldManagers,
  finalizers,
  labels,
  managerName,
  sessionLabels,
} from './labels.ts';
export { manifestSchema } from './manifest-schema.ts';
export {
  childNames,
  collidedHost,
  homeClaimName,
  hostSlug,
  labelValue,
  podName,
  sessionName,
  type ChildNames,
} from './names.ts';
export type { ObjectMeta, OwnerReference } from './object-meta.ts';
export { phases, type Phase } from './phase.ts';
export {
  clipboardPolicies,
  egressPolicies,
  filePolicies,
  recordingPolicies,
  sharingPolicies,
  type Policy,
} from './policy.ts';
export { formatQuantity, parseQuantity } from './quantity.ts';
export {
  conditionMeanings,
  meaningOf,
  reasons,
  type ConditionType,
  type Reason,
  type ReasonMeaning,
  type ReasonOf,
} from './reasons.ts';
export type { Json, JsonObject } from './schema/json.ts';
export {
  apiVersion,
  group,
  version,
  type Kind,
  type ObjectOf,
  type PrinterColumn,
  type ValueOf,
} from './schema/kind.ts';
export { templateDefaults } from './template-defaults.ts';
export { timelineStages, type TimelineStage } from './timeline.ts';
export { UserError } from './user-error.ts';
export { userKey } from './user-key.ts';
export { normalizeUser } from './user-name.ts';
export {
  sessionNameMaxLength,
  shareRoles,
  vdiSession,
  type ShareRole,
  type VDISession,
  type VDISessionSpec,
  type VDISessionStatus,
} from './vdisession.ts';
export {
  encoderChoices,
  gpuModes,
  protocols,
  vdiTemplate,
  type Protocol,
  type VDITemplate,
  type VDITemplateSpec,
  type VDITemplateStatus,
} from './vditemplate.ts';
export { homeReclaimPolicies, vdiUser, type VDIUser, type VDIUserSpec, type VDIUserStatus } from './vdiuser.ts';
