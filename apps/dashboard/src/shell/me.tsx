import { createContext, useContext } from 'react';
import type { meQuery } from '../graphql/documents.ts';
import type { ResultOf } from '../graphql/graphql.ts';

/** Who is signed in, with quota and usage where the platform keeps a record. */
export type Me = ResultOf<typeof meQuery>['me'];

const MeContext = createContext<Me | undefined>(undefined);
export const MeProvider = MeContext.Provider;

/** Who is signed in; for components inside the signed-in part of the page. */
export function useMe(): Me {
  const me = useContext(MeContext);
  if (me === undefined) throw new Error('useMe is used outside of MeProvider: only signed-in pages know who is there');
  return me;
}
