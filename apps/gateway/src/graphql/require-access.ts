import type { AccessObject, Action } from '../authorize/authorize.ts';
import { apiError } from './api-error.ts';
import type { GraphqlContext } from './graphql-context.ts';

/** Throws UNAUTHENTICATED or FORBIDDEN unless the caller may; the audit hears of it either way. */
export function requireAccess(
  { platform, principal, via }: GraphqlContext,
  action: Action,
  object: AccessObject,
): void {
  const decision = platform.authorizer.decide(principal, action, object, via);
  if (!decision.allowed) throw apiError(decision.code, `${decision.reason}: ${whatToDo(object)}`, { action });
}

function whatToDo(object: AccessObject): string {
  switch (object.kind) {
    case 'session':
      return 'ask the owner of the session to share it, or an administrator to do it for you';
    case 'sessionsOf':
      return 'ask for your own sessions, by leaving the user out';
    case 'newSession':
      return 'create sessions for yourself, from a template that you may use, or ask an administrator';
    case 'template':
    case 'user':
    case 'none':
      break;
  }
  return 'ask an administrator';
}
