import type { Static, TSchema } from 'typebox';
import { Value } from 'typebox/value';

/** The peer sent something that is not a message of this protocol. */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
}

/**
 * One JSON message, checked. No code is generated at run time, because the viewer's content security policy forbids it.
 * @throws ProtocolError when `text` is not JSON or not one of `schema`'s messages.
 */
export function decodeMessage<Schema extends TSchema>(schema: Schema, text: string): Static<Schema> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (cause) {
    throw new ProtocolError('The message is not JSON.', { cause });
  }
  if (Value.Check(schema, message)) return message;
  throw new ProtocolError(`The message is not one of this protocol: ${text.slice(0, 80)}`);
}
