import type { PodExecQuery, PodLogsQuery } from '@vdi/apiserver';
import type { WebSocket } from 'ws';

/** What the API asks of the node that a Pod runs on. */
export interface NodeAnswers {
  podLogs(query: PodLogsQuery): Promise<Response>;
  podExec(query: PodExecQuery, socket: WebSocket): Promise<void>;
}

/** Between the API and the node, which starts later and may not run at all. */
export class NodeDoor {
  #node: NodeAnswers | undefined;

  /** From now on the node answers. */
  open(node: NodeAnswers): Disposable {
    this.#node = node;
    return {
      [Symbol.dispose]: () => {
        this.#node = undefined;
      },
    };
  }

  /** Undefined as long as nobody is there to answer. */
  get node(): NodeAnswers | undefined {
    return this.#node;
  }
}

/** For whoever asks of a node that there is not. */
export function noNode(): Response {
  const message = 'no node runs here that could know; start one with: vdi up --engine auto';
  const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'ServiceUnavailable' };
  return Response.json({ ...status, message, code: 503 }, { status: 503 });
}
