import './types/scalars.ts';
import './queries.ts';
import './mutations.ts';
import './subscriptions.ts';
import { builder } from './builder.ts';

/** The GraphQL API. Printed into schema.graphql beside package.json, for those who write clients. */
export const schema = builder.toSchema();
