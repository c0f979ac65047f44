import type { ApiServer } from '@vdi/apiserver';
import type { UpgradeHandler } from '../../http/upgrade-bridge.ts';
import type { NodeAnswers } from '../node-door.ts';
import { remoteCommandProtocols, sendEnd } from './remote-command.ts';

/**
 * Lets the API decide about `kubectl exec` and the node do it. A client that is let in is told of troubles as it is told of
 * the end of a command.
 */
export function execUpgrade(
  server: Pick<ApiServer, 'upgrade'>,
  node: () => Pick<NodeAnswers, 'podExec'> | undefined,
): UpgradeHandler {
  return async (request) => {
    const answer = await server.upgrade(request);
    if (answer instanceof Response) return answer;
    return {
      protocols: remoteCommandProtocols,
      take: (socket) => {
        const done = node()?.podExec(answer, socket) ?? sendEnd(socket, { failure: 'no node runs here' });
        // Whoever went away before the end needs none.
        done.catch(() => socket.terminate());
      },
    };
  };
}
