import type { KubeObject } from '@vdi/kube';

/**
 * How the cache changed. An object that was deleted and made anew under its name is a deletion and an addition. The object
 * of a deletion is the last state known, which is not always the last there was.
 */
export type Change<T extends KubeObject> =
  | { readonly type: 'added'; readonly object: T }
  | { readonly type: 'updated'; readonly object: T; readonly previous: T }
  | { readonly type: 'deleted'; readonly object: T };
