import SchemaBuilder from '@pothos/core';
import type { GraphqlContext } from './graphql-context.ts';

/** Collects the types and fields of the schema; fields are non-null unless they say otherwise. */
export const builder = new SchemaBuilder<{
  Context: GraphqlContext;
  DefaultFieldNullability: false;
  Scalars: {
    DateTime: { Input: string; Output: string };
    Quantity: { Input: string | number; Output: string | number };
  };
}>({ defaultFieldNullability: false });
