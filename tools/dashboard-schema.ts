import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal';
import { buildSchema, introspectionFromSchema } from 'graphql';

/**
 * Writes the types of the gateway's schema, from which gql.tada derives the types of queries: `npm run schema-types -w @vdi/dashboard`.
 * Done here because the command of gql.tada needs an interface of the compiler that TypeScript 7 does not have.
 */
const schemaFile = join(import.meta.dirname, '../apps/gateway/schema.graphql');
const typesFile = join(import.meta.dirname, '../apps/dashboard/src/graphql/schema-types.d.ts');

const schema = buildSchema(await readFile(schemaFile, 'utf8'));
const introspection = minifyIntrospection(introspectionFromSchema(schema, { descriptions: false }));
const source = outputIntrospectionFile(introspection, { fileType: '.d.ts', shouldPreprocess: true });
// Its last lines declare the schema for the whole program; ours is named where it is used.
const [types = ''] = source.split("import * as gqlTada from 'gql.tada';");
await writeFile(typesFile, types.replace('export type introspection_types', 'type introspection_types'));
