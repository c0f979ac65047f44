import { annotations, childNames, type ObjectMeta, sessionLabels, type VDISession } from '@vdi/api';
import type { OwnerReference } from '@vdi/kube';
import { namespaceOf, uidOf } from '../input.ts';

/** The names of everything inside a session's Pod. */
export const containerNames = { display: 'display', desktop: 'desktop' } as const;

export const httpPort = 8080;
export const mediaPort = 50_000;

/** Keys of the session's ConfigMap. */
export const configKeys = {
  passwd: 'passwd',
  group: 'group',
  machineId: 'machine-id',
  applications: 'applications.json',
  policy: 'policy.json',
} as const;

/** Keys of the session's Secret; the agent reads files of these names. */
export const secretKeys = { agentToken: 'agent-token', ticketKeys: 'ticket-keys.json' } as const;

/** The metadata of a child with the session's own name. */
export function childMetadata(session: VDISession, kind: keyof ReturnType<typeof childNames>): ObjectMeta {
  return { name: childNames(session.metadata.name)[kind], ...ownedMetadata(session) };
}

/** What every child carries; it goes when the session goes. */
export function ownedMetadata(session: VDISession): Omit<ObjectMeta, 'name'> {
  return {
    namespace: namespaceOf(session),
    labels: sessionLabels(session),
    annotations: { [annotations.user]: session.spec.user },
    ownerReferences: [ownerReference(session)],
  };
}

function ownerReference(session: VDISession): OwnerReference {
  const { apiVersion, kind, metadata } = session;
  return { apiVersion, kind, name: metadata.name, uid: uidOf(session), controller: true, blockOwnerDeletion: true };
}
