import type { VDISession } from '@vdi/api';
import type { GraphqlContext } from '../graphql-context.ts';
import { sessions, takeSession } from './read-session.ts';
import { nameOf, type SessionName } from './session-name.ts';

const cacheLagMs = 1000;

/** Deletes the session that was decided about and no later one of its name. Answers with it as it is on its way out. */
export async function deleteSession(context: GraphqlContext, name: SessionName): Promise<VDISession> {
  const { catalog, kube, now } = context.platform;
  const session = await takeSession(context, 'session.delete', name);
  const { uid } = session.metadata;
  await kube.delete(sessions, nameOf(session), { uid });
  const rest = (): VDISession | undefined => {
    const cached = catalog.session(name.namespace, name.name);
    return cached?.metadata.uid === uid ? cached : undefined;
  };
  const isGoing = (): boolean => rest()?.metadata.deletionTimestamp !== undefined || rest() === undefined;
  await catalog.until(isGoing, cacheLagMs);
  const leaving = rest() ?? session;
  const deletionTimestamp = leaving.metadata.deletionTimestamp ?? now().toISOString();
  return { ...leaving, metadata: { ...leaving.metadata, deletionTimestamp } };
}
