import { fieldManagers, type VDISession } from '@vdi/api';
import { isConflict } from '@vdi/kube';
import type { Action } from '../../authorize/authorize.ts';
import type { GraphqlContext, Platform } from '../graphql-context.ts';
import { readSession, sessions, takeSession } from './read-session.ts';
import { nameOf, type SessionName, sessionNotFound } from './session-name.ts';

/** Fields of `spec` to set; null removes one. */
export type SpecChange = { readonly [Field in keyof VDISession['spec']]?: VDISession['spec'][Field] | null };

const attempts = 5;

/** The operator may write while we do; so long the answer waits for the cache to hold the change. */
const cacheLagMs = 1000;

/**
 * Authorises, then changes the session that was decided about and no other: a conflict means to read it again and to think
 * again; a session of the same name that came later is not touched. The answer is in the cache, too, so that whoever asks
 * next sees the change.
 */
export async function changeSession(
  context: GraphqlContext,
  action: Action,
  name: SessionName,
  change: (session: VDISession) => SpecChange | undefined,
): Promise<VDISession> {
  const { platform } = context;
  const decided = await takeSession(context, action, name);
  let session = decided;
  for (let attempt = 1; ; attempt += 1) {
    const spec = change(session);
    if (spec === undefined) return session;
    try {
      return await settled(platform, await patchSpec(platform, session, spec));
    } catch (error) {
      if (!isConflict(error) || attempt === attempts) throw error;
    }
    session = await readSession(platform, name);
    if (session.metadata.uid !== decided.metadata.uid) throw sessionNotFound(name);
  }
}

function patchSpec({ kube }: Platform, session: VDISession, spec: SpecChange): Promise<VDISession> {
  const { uid, resourceVersion } = session.metadata;
  return kube.patch(
    sessions,
    nameOf(session),
    { type: 'merge', value: { metadata: { uid, resourceVersion }, spec } },
    { fieldManager: fieldManagers.gateway },
  );
}

/** Waits a moment for the cache to come as far as `session`. */
async function settled({ catalog }: Platform, session: VDISession): Promise<VDISession> {
  const { namespace = '', name, uid, generation = 0 } = session.metadata;
  await catalog.until(() => {
    const cached = catalog.session(namespace, name);
    return cached === undefined || cached.metadata.uid !== uid || (cached.metadata.generation ?? 0) >= generation;
  }, cacheLagMs);
  return session;
}
