import { normalizeUser, type VDISession } from '@vdi/api';
import { decide } from '../../authorize/authorize.ts';
import { apiError } from '../api-error.ts';
import type { GraphqlContext } from '../graphql-context.ts';
import { requireAccess } from '../require-access.ts';
import { parseLabelSelector } from './label-selector.ts';
import { requireNamespace } from './session-name.ts';

/** Arguments of `vdiSessions` and `watchVDISessions`. */
export interface ScopeArguments {
  readonly user?: string | null | undefined;
  readonly everybody: boolean;
  readonly namespace?: string | null | undefined;
  readonly labelSelector?: string | null | undefined;
}

/** Is the session one of those asked for, and may the caller see it now? */
export type SessionFilter = (session: VDISession) => boolean;

/**
 * Authorises a look at many sessions once, and gives the filter to look through. The filter asks the rules again for each
 * session, so that nothing depends on how the question was put; only the question goes to the audit.
 */
export function sessionScope(
  context: GraphqlContext,
  action: 'session.list' | 'session.watch',
  { user, everybody, namespace, labelSelector }: ScopeArguments,
): SessionFilter {
  const { principal } = context;
  if (everybody && typeof user === 'string') {
    throw apiError('BAD_USER_INPUT', 'Both "user" and "everybody" were given, which contradict: leave one of them out');
  }
  const owner = typeof user === 'string' ? normalizeUser(user) : undefined;
  requireAccess(context, action, { kind: 'sessionsOf', user: everybody ? undefined : (owner ?? principal.user) });
  if (typeof namespace === 'string') requireNamespace(context.platform.catalog, namespace);
  const matches = parseLabelSelector(labelSelector ?? '');
  const isAskedFor = everybody ? () => true : concerns(owner, principal.user);
  return (session) =>
    isAskedFor(session) &&
    (namespace ?? session.metadata.namespace) === session.metadata.namespace &&
    matches(session.metadata.labels ?? {}) &&
    decide(principal, 'session.get', { kind: 'session', session }).allowed;
}

/** With an owner, theirs; without, those of the caller and those shared with the caller. */
function concerns(owner: string | undefined, caller: string): SessionFilter {
  return ({ spec: { user, shares = [] } }) =>
    normalizeUser(user) === (owner ?? caller) ||
    (owner === undefined && shares.some((share) => normalizeUser(share.user) === caller));
}
