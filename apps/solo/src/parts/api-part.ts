import { UserError } from '@vdi/api';
import { createApiServer, openSqliteLog, type RevisionLog, StorageFailure } from '@vdi/apiserver';
import { createKubeClient, type KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { administratorOf, openAdminToken } from '../access/admin-token.ts';
import type { FetchHandler } from '../http/web-bridge.ts';
import { PodLogDoor } from '../node/pod-log-door.ts';
import type { Part } from '../part.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface ApiNeeds {
  readonly state: StateDirectory;
  readonly log: Logger;
}

interface ApiProvides {
  readonly apiHandler: FetchHandler;
  readonly adminToken: string;
  /** Reaches the API in this process, without a socket, as the administrator. */
  readonly kube: KubeClient;
  /** Where the node, which starts later, answers `kubectl logs`. */
  readonly podLogDoor: PodLogDoor;
}

/** The embedded Kubernetes API over its database. */
export const apiPart: Part<ApiNeeds, ApiProvides> = {
  name: 'the Kubernetes API',
  async start({ state, log }, owned) {
    const adminToken = openAdminToken(state);
    const podLogDoor = new PodLogDoor();
    const revisions = owned.use(openLog(state));
    const server = owned.use(
      createApiServer({
        log: revisions,
        logger: log.child({ part: 'apiserver' }),
        authenticate: (request) => administratorOf(request, adminToken),
        podLogs: (query) => podLogDoor.answer(query),
      }),
    );
    const kube = createKubeClient({
      baseUrl: 'https://localhost',
      fetch: (url, init) => server.fetch(authorized(new Request(url, init), adminToken)),
    });
    return { apiHandler: (request) => server.fetch(request), adminToken, kube, podLogDoor };
  },
};

/** The database of all objects, where the file is one of ours. */
function openLog(state: StateDirectory): RevisionLog {
  try {
    return openSqliteLog(state.database);
  } catch (cause) {
    if (!(cause instanceof StorageFailure) || cause.isFull) throw cause;
    throw new UserError('StateUnusable', {
      what: `The state in ${state.path} cannot be opened`,
      why: cause.message.replace(/\.$/, ''),
      whatToDo:
        'If another version of vdi wrote it, start that version; else restore the directory from a backup, or choose another with --state-dir',
    });
  }
}

function authorized(request: Request, token: string): Request {
  request.headers.set('authorization', `Bearer ${token}`);
  return request;
}
