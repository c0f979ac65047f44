import type { VDISession } from '@vdi/api';
import type { Catalog } from '../../catalog/catalog.ts';
import { apiError } from '../api-error.ts';

/** Where sessions are when nobody says otherwise. */
export const defaultNamespace = 'vdi-sessions';

export interface SessionName {
  readonly namespace: string;
  readonly name: string;
}

export function nameOf({ metadata: { name, namespace = '' } }: VDISession): SessionName {
  return { name, namespace };
}

/** Throws BAD_USER_INPUT for a namespace that holds no sessions: nothing there is ours to show or to touch. */
export function requireNamespace({ namespaces }: Catalog, namespace: string): void {
  if (namespaces.includes(namespace)) return;
  throw apiError(
    'BAD_USER_INPUT',
    `There are no sessions in namespace ${JSON.stringify(namespace.slice(0, 63))}: choose one of ${namespaces.join(', ')}`,
  );
}

export function sessionNotFound({ namespace, name }: SessionName) {
  return apiError(
    'NOT_FOUND',
    `There is no session ${JSON.stringify(name.slice(0, 63))} in namespace ${namespace}: it was deleted, or its name is spelt differently`,
  );
}
