/** A session as the dashboard shows it. */
export interface Session {
  readonly name: string;
  readonly namespace: string;
  /** Kubernetes' identity: a session of the same name made later is another one. */
  readonly uid: string;
  readonly creationTimestamp: string;
  readonly isDeleting: boolean;
  readonly spec: SessionSpec;
  readonly status: SessionStatus;
}

interface SessionSpec {
  readonly user: string;
  readonly template: string;
  readonly displayName: string | undefined;
  readonly resources: SessionResources;
  /** Whether the home is mounted; undefined leaves it to the template. */
  readonly isPersistent: boolean | undefined;
  readonly isSuspended: boolean;
}

/** Limits; what is undefined follows from the template. */
interface SessionResources {
  readonly gpu: number | undefined;
  readonly memory: string | undefined;
  readonly cpu: string | undefined;
}

interface SessionStatus {
  readonly phase: string;
  readonly message: string | undefined;
  readonly startTime: string | undefined;
  readonly url: string | undefined;
  readonly node: string | undefined;
  readonly encoder: string | undefined;
  readonly viewers: number;
  readonly expiresAt: string | undefined;
  readonly idleDeadline: string | undefined;
  readonly conditions: readonly SessionCondition[];
  readonly timeline: readonly { readonly stage: string; readonly at: string; readonly message?: string | null }[];
}

interface SessionCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Distinguishes sessions of all namespaces. */
export function sessionKey(session: Pick<Session, 'namespace' | 'name'>): string {
  return `${session.namespace}/${session.name}`;
}
