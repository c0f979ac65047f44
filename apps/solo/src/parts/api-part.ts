import { UserError } from '@vdi/api';
import { createApiServer, openSqliteLog, type RevisionLog, StorageFailure } from '@vdi/apiserver';
import { createKubeClient, type KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import { administratorOf, openAdminToken } from '../access/admin-token.ts';
import type { UpgradeHandler } from '../http/upgrade-bridge.ts';
import type { FetchHandler } from '../http/web-bridge.ts';
import { execUpgrade } from '../node/exec/exec-upgrade.ts';
import { noNode, NodeDoor } from '../node/node-door.ts';
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
  /** Decides about `kubectl exec`. */
  readonly apiUpgrade: UpgradeHandler;
  /** Where the node, which starts later, answers `kubectl logs` and `kubectl exec`. */
  readonly nodeDoor: NodeDoor;
}

/** The embedded Kubernetes API over its database. */
export const apiPart: Part<ApiNeeds, ApiProvides> = {
  name: 'the Kubernetes API',
  async start({ state, log }, owned) {
    const adminToken = openAdminToken(state);
    const nodeDoor = new NodeDoor();
    const revisions = owned.use(openLog(state));
    const server = owned.use(
      createApiServer({
        log: revisions,
        logger: log.child({ part: 'apiserver' }),
        authenticate: (request) => administratorOf(request, adminToken),
        podLogs: async (query) => (await nodeDoor.node?.podLogs(query)) ?? noNode(),
        servesExec: true,
      }),
    );
    const kube = createKubeClient({
      baseUrl: 'https://localhost',
      fetch: (url, init) => server.fetch(authorized(new Request(url, init), adminToken)),
    });
    return {
      apiHandler: (request) => server.fetch(request),
      apiUpgrade: execUpgrade(server, () => nodeDoor.node),
      adminToken,
      kube,
      nodeDoor,
    };
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
