import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

/**
 * The types of the gateway's schema, from which gql.tada derives the types of the dashboard's queries. Made here because
 * the command of gql.tada needs an interface of the compiler that TypeScript 7 does not have.
 * @param schemaText the schema in GraphQL's own language
 * @returns the source of a declaration file
 */
export function dashboardSchemaTypes(schemaText: string): string {
  const introspection = introspectionFromSchema(buildSchema(schemaText), { descriptions: false });
  const source = outputIntrospectionFile(minifyIntrospection(introspection), {
    fileType: '.d.ts',
    shouldPreprocess: true,
  });
  // Its last lines declare the schema for the whole program; ours is named where it is used.
  const [types = ''] = source.split("import * as gqlTada from 'gql.tada';");
  return `${types.replace('export type introspection_types', 'type introspection_types').trimEnd()}\n`;
}
