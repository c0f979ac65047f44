import type { VDISession } from '@vdi/api';
import type { Catalog } from '../catalog/catalog.ts';

/** Tells how many viewers all desktops have together, now and whenever it changes. Returns the way to stop. */
export function countViewers(catalog: Catalog, tell: (count: number) => void): () => void {
  const viewersOf = new Map<string, number>();
  let total = 0;
  const take = ({ metadata: { uid = '' }, status }: VDISession, isThere: boolean): void => {
    const viewers = isThere ? (status?.viewers ?? 0) : 0;
    total += viewers - (viewersOf.get(uid) ?? 0);
    if (viewers === 0) viewersOf.delete(uid);
    else viewersOf.set(uid, viewers);
  };
  const unsubscribe = catalog.subscribe(({ type, session }) => {
    take(session, type !== 'deleted');
    tell(total);
  });
  for (const session of catalog.sessions()) take(session, true);
  tell(total);
  return unsubscribe;
}
