import { type DocumentNode, type GraphQLError, parse, type ParseOptions, type Source } from 'graphql';
import { apiError } from '../api-error.ts';
import { type DocumentMeasure, measureDocument } from './measure-document.ts';

/** More words and signs than any honest operation has. */
const maxTokens = 1000;

/** The introspection query of common tools is 15 deep and has no aliases. */
const most: Readonly<Record<keyof DocumentMeasure, number>> = { depth: 16, aliases: 15, directives: 20, cost: 5000 };

const whatToDo: Readonly<Record<keyof DocumentMeasure, string>> = {
  depth: 'ask for fewer levels',
  aliases: 'send several operations',
  directives: 'build the operation without them',
  cost: 'ask for fewer fields, or for one object instead of a list',
};

/** `parse`, for operations of strangers: refuses, before anything is validated, what would cost too much. */
export function limitedParse(source: string | Source, options: ParseOptions = {}): DocumentNode {
  const document = parse(source, { ...options, maxTokens });
  const measure = measureDocument(document);
  for (const [what, limit] of Object.entries(most) as [keyof DocumentMeasure, number][]) {
    if (!(measure[what] <= limit)) throw tooComplex(what, limit);
  }
  return document;
}

function tooComplex(what: keyof DocumentMeasure, limit: number): GraphQLError {
  return apiError('TOO_COMPLEX', `The operation has more ${what} than ${limit}: ${whatToDo[what]}`, {
    limit: what,
    http: { status: 400 },
  });
}
