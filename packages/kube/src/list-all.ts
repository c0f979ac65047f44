import { isGone } from './kube-error.ts';
import type { KubeList, KubeObject } from './kube-object.ts';
import { apiVersionOf, collectionPath, type KubeResource } from './kube-resource.ts';
import type { ListOptions } from './requests.ts';
import { requestJson, type TransportOptions } from './transport.ts';

interface Page<T> {
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly T[] | null;
}

/**
 * Reads page after page of one revision. When that revision is compacted away in between (410), it starts over without
 * paging, as one answer cannot be overtaken.
 */
export async function listAll<T extends KubeObject>(
  transport: TransportOptions,
  resource: KubeResource<T>,
  options: ListOptions = {},
): Promise<KubeList<T>> {
  try {
    return await readPages(transport, resource, options, options.pageSize ?? 500);
  } catch (error) {
    if (!isGone(error)) throw error;
    return await readPages(transport, resource, options, undefined);
  }
}

async function readPages<T extends KubeObject>(
  transport: TransportOptions,
  resource: KubeResource<T>,
  { namespace, labelSelector, fieldSelector, signal }: ListOptions,
  limit: number | undefined,
): Promise<KubeList<T>> {
  const items: T[] = [];
  let token: string | undefined;
  for (;;) {
    const page = await requestJson<Page<T>>(transport, {
      method: 'GET',
      path: collectionPath(resource, namespace),
      query: { labelSelector, fieldSelector, limit, continue: token },
      signal,
    });
    // Items of a list come without apiVersion and kind; with them, an object is the same wherever it was read.
    for (const item of page.items ?? [])
      items.push({ ...item, apiVersion: apiVersionOf(resource), kind: resource.kind });
    token = page.metadata.continue || undefined;
    if (token === undefined) return { items, resourceVersion: page.metadata.resourceVersion ?? '' };
  }
}
