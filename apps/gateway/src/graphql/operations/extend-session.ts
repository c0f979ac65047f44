import { parseDuration, type VDISession } from '@vdi/api';
import { apiError } from '../api-error.ts';
import type { GraphqlContext } from '../graphql-context.ts';
import { changeSession } from './change-session.ts';
import type { SessionName } from './session-name.ts';

/** Sets the life of a session, counted from its start. One that would end it at once is taken for a slip. */
export async function extendSession(context: GraphqlContext, name: SessionName, timeout: string): Promise<VDISession> {
  const timeoutMs = parseDuration(timeout);
  return await changeSession(context, 'session.extend', name, ({ spec, status }) => {
    const startMs = Date.parse(status?.startTime ?? context.platform.now().toISOString());
    if (startMs + timeoutMs <= context.platform.now().getTime()) {
      throw apiError(
        'BAD_USER_INPUT',
        `A life of ${timeout} from the start at ${new Date(startMs).toISOString()} on is over already, and the session would be deleted: choose a longer one, or delete the session`,
      );
    }
    return spec.timeout === timeout ? undefined : { timeout };
  });
}
