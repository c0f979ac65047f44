import type { sessionFields } from '../graphql/documents.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import type { Session } from './session.ts';

/** What the gateway says of a session. */
export type SessionFields = ResultOf<typeof sessionFields>;

/** Turns the gateway's answer into ours: null becomes undefined, quantities become text. */
export function sessionFromGraphql({ name, namespace, metadata, spec, status }: SessionFields): Session {
  return {
    name,
    namespace,
    uid: metadata.uid ?? '',
    creationTimestamp: metadata.creationTimestamp ?? '',
    isDeleting: metadata.deletionTimestamp !== null,
    spec: specFromGraphql(spec),
    status: statusFromGraphql(status),
  };
}

function specFromGraphql(spec: SessionFields['spec']): Session['spec'] {
  return {
    user: spec.user,
    template: spec.template,
    displayName: spec.displayName ?? undefined,
    isPersistent: spec.persistence?.enabled ?? undefined,
    isSuspended: spec.suspended,
    resources: {
      gpu: spec.resources?.gpu ?? undefined,
      memory: textOf(spec.resources?.memory),
      cpu: textOf(spec.resources?.cpu),
    },
  };
}

function statusFromGraphql(status: SessionFields['status']): Session['status'] {
  return {
    phase: status.phase,
    message: status.message ?? undefined,
    startTime: status.startTime ?? undefined,
    url: status.url ?? undefined,
    node: status.node ?? undefined,
    encoder: status.encoder ?? undefined,
    viewers: status.viewers ?? 0,
    expiresAt: status.expiresAt ?? undefined,
    idleDeadline: status.idleDeadline ?? undefined,
    conditions: status.conditions,
    timeline: status.timeline,
  };
}

function textOf(quantity: string | number | null | undefined): string | undefined {
  return quantity === null || quantity === undefined ? undefined : String(quantity);
}
