import type { VDISession, VDITemplate, VDIUser } from '@vdi/api';
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from '@vdi/kube';
import type { AgentObservation } from '../agent/agent-observation.ts';
import type { OperatorSettings } from '../settings.ts';

/** Everything that a decision about one session needs, read from caches at one moment. Nothing below it reads anything else. */
export interface SessionInput {
  readonly session: VDISession;
  readonly template: VDITemplate | undefined;
  readonly user: VDIUser | undefined;
  /** The other sessions of the same user, in all namespaces. */
  readonly siblings: readonly Sibling[];
  /** Those hosts that this session might get and that others have. */
  readonly takenHosts: ReadonlySet<string>;
  /** Pods that this session controls. */
  readonly pods: readonly Pod[];
  /** Pods of the user's other sessions in this namespace. */
  readonly siblingPods: readonly Pod[];
  readonly home: HomeInput;
  /** Names of all claims in this namespace that the template's shared volumes ask for and that exist. */
  readonly sharedClaims: ReadonlySet<string>;
  /** GPU slices of all nodes that no session's Pod holds. */
  readonly freeGpuSlices: number;
  /** Last answer of the agent in the newest Pod. */
  readonly agent: AgentObservation | undefined;
  readonly settings: OperatorSettings;
}

export interface Sibling {
  readonly session: VDISession;
  readonly template: VDITemplate | undefined;
}

/** What the cluster holds of the user's home in this namespace. */
export interface HomeInput {
  readonly claim: PersistentVolumeClaim | undefined;
  /** The volume that the claim is bound to. */
  readonly volume: PersistentVolume | undefined;
  /** Volumes that were bound to a claim of this name, the present one included. */
  readonly formerVolumes: readonly PersistentVolume[];
  readonly storageClasses: readonly StorageClass[];
}

/** The UID of an object that was read from the API. */
export function uidOf({ metadata }: { readonly metadata: { readonly uid?: string; readonly name?: string } }): string {
  if (metadata.uid === undefined) throw new TypeError(`"${metadata.name}" has no UID, so it was not read from the API`);
  return metadata.uid;
}

/** The namespace of an object that must have one. */
export function namespaceOf({ metadata }: VDISession): string {
  if (metadata.namespace === undefined) throw new TypeError(`VDISession "${metadata.name}" has no namespace`);
  return metadata.namespace;
}
