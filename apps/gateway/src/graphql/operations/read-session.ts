import { type VDISession, vdiSession } from '@vdi/api';
import { isNotFound, resourceOf } from '@vdi/kube';
import type { Action } from '../../authorize/authorize.ts';
import type { GraphqlContext, Platform } from '../graphql-context.ts';
import { requireAccess } from '../require-access.ts';
import { requireNamespace, type SessionName, sessionNotFound } from './session-name.ts';

export const sessions = resourceOf<VDISession>(vdiSession);

/** The session from the cache, for those who only look; from the server where the cache does not have it yet. */
export async function seeSession(context: GraphqlContext, action: Action, name: SessionName): Promise<VDISession> {
  requireNamespace(context.platform.catalog, name.namespace);
  const session =
    context.platform.catalog.session(name.namespace, name.name) ?? (await readSession(context.platform, name));
  requireAccess(context, action, { kind: 'session', session });
  return session;
}

/** The session as it is now, for those who are about to change it. */
export async function takeSession(context: GraphqlContext, action: Action, name: SessionName): Promise<VDISession> {
  requireNamespace(context.platform.catalog, name.namespace);
  const session = await readSession(context.platform, name);
  requireAccess(context, action, { kind: 'session', session });
  return session;
}

/** Reads past the cache. Throws NOT_FOUND. */
export async function readSession({ kube }: Pick<Platform, 'kube'>, name: SessionName): Promise<VDISession> {
  if (name.name === '') throw sessionNotFound(name);
  try {
    return await kube.get(sessions, name);
  } catch (error) {
    if (isNotFound(error)) throw sessionNotFound(name);
    throw error;
  }
}
