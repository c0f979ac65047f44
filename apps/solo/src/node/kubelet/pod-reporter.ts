import { isDeepStrictEqual } from 'node:util';
import { annotations } from '@vdi/api';
import { isConflict, isNotFound, type Pod, type PodStatus, typedResources } from '@vdi/kube';
import { uidOf } from '../objects/pod.ts';
import { type ObservedPod, podStatus } from '../pod/pod-status.ts';
import type { NodeContext } from './node-context.ts';

/** Tells the API about one Pod, and only what it does not know yet. */
export class PodReporter {
  readonly #context: NodeContext;
  #lastStatus: PodStatus | undefined;
  #lastEndpoint: string | undefined;

  constructor(context: NodeContext) {
    this.#context = context;
  }

  async report(pod: Pod, observed: ObservedPod, endpoint: string | undefined): Promise<void> {
    await this.#reportEndpoint(pod, endpoint);
    const status = podStatus(pod, observed);
    if (isDeepStrictEqual(status, this.#lastStatus)) return;
    // Fields that are no longer there must be taken away: a merge patch does that for null only.
    const cleared = { reason: null, message: null, podIP: null, podIPs: null };
    await this.#patch(pod, { status: { ...cleared, ...status } }, 'status');
    this.#lastStatus = status;
  }

  /** Before the status: who sees a ready Pod must also see how it is reached. */
  async #reportEndpoint(pod: Pod, endpoint: string | undefined): Promise<void> {
    const known = this.#lastEndpoint ?? pod.metadata.annotations?.[annotations.endpoint];
    if (endpoint === undefined || endpoint === known) return;
    await this.#patch(pod, { metadata: { annotations: { [annotations.endpoint]: endpoint } } });
    this.#lastEndpoint = endpoint;
  }

  async #patch(
    pod: Pod,
    value: { readonly metadata?: object; readonly status?: object },
    subresource?: 'status',
  ): Promise<void> {
    const { namespace = '', name = '' } = pod.metadata;
    // With its UID the patch cannot reach a successor of the same name.
    const patch = { ...value, metadata: { ...value.metadata, uid: uidOf(pod) } };
    try {
      await this.#context.kube.patch(
        typedResources.pods,
        { namespace, name },
        { type: 'merge', value: patch },
        subresource === undefined ? {} : { subresource },
      );
    } catch (error) {
      // It is gone; the watch will say so.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }
}
