import { initGraphQLTada } from 'gql.tada';
import type { introspection } from './schema-types.d.ts';

/** Types of queries from the gateway's schema. Run `npm run generate` after a change of it. */
export const graphql = initGraphQLTada<{
  introspection: introspection;
  disableMasking: true;
  scalars: { DateTime: string; Quantity: string | number };
}>();

export type { ResultOf } from 'gql.tada';
