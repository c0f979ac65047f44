import type { Session } from '../sessions/session.ts';

type Changes = Partial<Omit<Session, 'spec' | 'status'>> & {
  readonly spec?: Partial<Session['spec']>;
  readonly status?: Partial<Session['status']>;
};

/** A running session of Alice, but for what the test says. */
export function aSession({ spec, status, ...rest }: Changes = {}): Session {
  return {
    name: 'alice-abcde',
    namespace: 'vdi-sessions',
    uid: 'uid-1',
    creationTimestamp: '2026-01-01T10:00:00Z',
    isDeleting: false,
    ...rest,
    spec: {
      user: 'alice@example.com',
      template: 'ubuntu-desktop',
      displayName: undefined,
      resources: { gpu: undefined, memory: undefined, cpu: undefined },
      isPersistent: undefined,
      isSuspended: false,
      ...spec,
    },
    status: {
      phase: 'Running',
      message: undefined,
      startTime: undefined,
      url: undefined,
      node: undefined,
      encoder: undefined,
      viewers: 0,
      expiresAt: undefined,
      idleDeadline: undefined,
      conditions: [],
      timeline: [],
      ...status,
    },
  };
}
