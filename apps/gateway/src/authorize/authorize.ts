import type { AuditLog } from '../audit/audit-log.ts';
import { createGatewayMetrics, type GatewayMetrics } from '../metrics/gateway-metrics.ts';
import type { Principal } from '../auth/principal.ts';
import type { AccessObject, Action } from './access-object.ts';
import { type Relation, relationsOf } from './relation.ts';
import { rules } from './rules.ts';

export type { AccessObject, Action } from './access-object.ts';

/** `as` is the right in whose name it is allowed: for a session, the role that its ticket gets. */
export type Decision =
  | { readonly allowed: true; readonly as: 'owner' | 'control' | 'view' | 'operator' | 'admin' | 'user' }
  | { readonly allowed: false; readonly code: 'UNAUTHENTICATED' | 'FORBIDDEN'; readonly reason: string };

/** How the question came: for the audit. */
export interface Via {
  readonly surface: 'graphql' | 'subscription' | 'http' | 'upgrade' | 'verify';
  readonly requestId: string;
  /** IP address of the asker. */
  readonly address: string;
}

export interface Authorizer {
  /** Decides by `rules` alone, and writes one audit event for each call. */
  decide(principal: Principal | undefined, action: Action, object: AccessObject, via: Via): Decision;
}

/** The one place where anything is allowed. Without a place in the audit there is no decision: an audit that throws denies. */
export function createAuthorizer({
  audit,
  metrics = createGatewayMetrics(),
}: {
  readonly audit: AuditLog;
  readonly metrics?: GatewayMetrics;
}): Authorizer {
  return {
    decide(principal, action, object, via) {
      const decision = decide(principal, action, object);
      audit.record({
        user: principal?.user,
        subject: principal?.subject,
        action,
        object: nameOf(object),
        ...(decision.allowed
          ? { allowed: true, as: decision.as }
          : { allowed: false, code: decision.code, reason: decision.reason }),
        ...via,
      });
      metrics.decided(action, decision.allowed ? 'allowed' : decision.code, via.surface);
      return decision;
    },
  };
}

/** The decision without the audit: the same for the same arguments, whenever it is asked. */
export function decide(principal: Principal | undefined, action: Action, object: AccessObject): Decision {
  if (principal === undefined || principal.signal.aborted) {
    return { allowed: false, code: 'UNAUTHENTICATED', reason: 'Sign in first' };
  }
  const permitted = rules[action];
  const relation = relationsOf(principal, object).find((candidate) => permitted.includes(candidate));
  if (relation === undefined) {
    return { allowed: false, code: 'FORBIDDEN', reason: `${principal.user} may not do ${action} here` };
  }
  return { allowed: true, as: asOf(relation) };
}

function asOf(relation: Relation) {
  if (relation === 'self') return 'owner';
  return relation === 'grantee' ? 'user' : relation;
}

/** How the audit names what was asked about. */
function nameOf(object: AccessObject): string {
  switch (object.kind) {
    case 'session': {
      const { namespace = '', name, uid = '' } = object.session.metadata;
      return `session ${namespace}/${name} ${uid}`.trimEnd();
    }
    case 'sessionsOf':
      return object.user === undefined ? "everybody's sessions" : `sessions of ${object.user}`;
    case 'newSession':
      return `new session of ${object.user} from ${object.template?.metadata.name ?? 'an unknown template'}`;
    case 'template':
      return `template ${object.template.metadata.name}`;
    case 'user':
      return `user ${object.user}`;
    case 'none':
      break;
  }
  return '';
}
