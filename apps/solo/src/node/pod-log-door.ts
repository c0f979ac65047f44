import type { PodLogsQuery } from '@vdi/apiserver';

type Answer = (query: PodLogsQuery) => Promise<Response>;

/** Between the API, which is asked for logs, and the node, which has them but starts later and may not run at all. */
export class PodLogDoor {
  #answer: Answer | undefined;

  /** From now on the node answers. */
  open(answer: Answer): Disposable {
    this.#answer = answer;
    return {
      [Symbol.dispose]: () => {
        this.#answer = undefined;
      },
    };
  }

  async answer(query: PodLogsQuery): Promise<Response> {
    if (this.#answer !== undefined) return await this.#answer(query);
    const message = 'no node runs here that could have logs; start one with: vdi up --engine auto';
    const status = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'ServiceUnavailable' };
    return Response.json({ ...status, message, code: 503 }, { status: 503 });
  }
}
