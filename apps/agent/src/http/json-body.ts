import type { IncomingMessage } from 'node:http';
import { decodeMessage, ProtocolError } from '@vdi/protocol';
import type { Static, TSchema } from 'typebox';
import { type Answer } from './answer.ts';
import { badRequest, refusals } from './refusals.ts';

const limitBytes = 8192;

/** A body that was refused carries the answer that says why. */
export type Body<Value> = { readonly value: Value } | { readonly refusal: Answer };

/** The JSON body of a request, checked against `schema`; at most 8 KiB. */
export async function jsonBody<Schema extends TSchema>(
  request: IncomingMessage,
  schema: Schema,
): Promise<Body<Static<Schema>>> {
  if (!/^application\/json(?:;|$)/i.test(request.headers['content-type'] ?? '')) return { refusal: refusals.notJson };
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) return { refusal: refusals.tooLarge };
    chunks.push(chunk);
  }
  try {
    return { value: decodeMessage(schema, Buffer.concat(chunks).toString('utf8')) };
  } catch (error) {
    if (error instanceof ProtocolError) return { refusal: badRequest(error.message) };
    throw error;
  }
}
