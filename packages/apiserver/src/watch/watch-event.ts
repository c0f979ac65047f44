import type { KubernetesObject } from '../resource/resource.ts';
import type { Change } from '../storage/revision-log.ts';

/** `metav1.WatchEvent`; the object of an ERROR is a Status. */
export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: object;
}

/**
 * What a watcher that sees only selected objects has to be told of a change: an object that leaves the selection is
 * DELETED to it, one that enters it is ADDED. An object that left is told as it was, with the version of the change, so
 * that a watch can go on from there.
 */
export function eventOf(
  change: Change,
  selects: (object: KubernetesObject) => boolean,
  present: (object: KubernetesObject) => KubernetesObject,
): { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubernetesObject } | undefined {
  const object = present(change.object);
  const previous = change.previous === undefined ? undefined : present(change.previous);
  const wasSelected = previous !== undefined && selects(previous);
  const isSelected = change.type !== 'deleted' && selects(object);
  if (isSelected) return { type: wasSelected ? 'MODIFIED' : 'ADDED', object };
  if (!wasSelected) return undefined;
  if (change.type === 'deleted') return { type: 'DELETED', object };
  const { resourceVersion } = object.metadata;
  return {
    type: 'DELETED',
    object: { ...previous, metadata: { ...previous.metadata, ...(resourceVersion ? { resourceVersion } : {}) } },
  };
}
