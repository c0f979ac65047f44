import { apiError } from '../api-error.ts';
import type { GraphqlContext } from '../graphql-context.ts';
import { takeSession } from './read-session.ts';
import type { SessionName } from './session-name.ts';

/** How long the caller of a session that was made a moment ago waits for its address. */
const addressWaitMs = 5000;

/** An address that lets the caller in once. */
export async function openSession(context: GraphqlContext, name: SessionName): Promise<{ readonly url: string }> {
  const { catalog, openSession: open } = context.platform;
  const session = await takeSession(context, 'session.open', name);
  const { uid } = session.metadata;
  const withHost = () => {
    const cached = catalog.session(name.namespace, name.name);
    return cached?.metadata.uid === uid && cached?.status?.host !== undefined ? cached : undefined;
  };
  await catalog.until(() => withHost() !== undefined, addressWaitMs);
  const addressed = withHost();
  if (addressed === undefined) {
    const why = session.status?.message ?? 'the operator has not given it one yet';
    throw apiError('UNAVAILABLE', `Session ${name.name} has no address: ${why}. Try again in a moment`);
  }
  return await open(context.principal, addressed);
}
