import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Logger } from '@vdi/telemetry';
import { isForeignOrigin, isOwnHost } from './host-check.ts';

/** What answers: a handler in the style of the Web's `fetch`. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Lets a `fetch` handler answer Node's requests: bodies stream both ways, and the request's signal aborts when the client goes. */
export function bridgeToFetch(
  handler: FetchHandler,
  log: Logger,
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => {
    const clientGone = new AbortController();
    outgoing.once('close', () => clientGone.abort());
    answer(handler, incoming, outgoing, clientGone.signal).catch((error: unknown) => {
      if (!clientGone.signal.aborted)
        log.error({ err: error, method: incoming.method, url: incoming.url }, 'Could not answer a request');
      outgoing.destroy();
    });
  };
}

async function answer(
  handler: FetchHandler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  const response = refusalOf(incoming) ?? (await handler(toRequest(incoming, signal)));
  outgoing.statusCode = response.status;
  outgoing.setHeaders(response.headers);
  // A watch may have nothing to say for minutes; its client waits for the headers to know that it has begun.
  outgoing.flushHeaders();
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body), outgoing);
}

/** The same request as the Web has it. */
export function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const method = incoming.method ?? 'GET';
  const url = `https://${incoming.headers.host}${incoming.url}`;
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  if (method === 'GET' || method === 'HEAD') return new Request(url, { method, headers, signal });
  const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
  return new Request(url, { method, headers, signal, body, duplex: 'half' });
}

/** Why a request is not to be looked at, or undefined. */
export function refusalOf({ url, headers: { host, origin } }: IncomingMessage): Response | undefined {
  if (!url?.startsWith('/')) return refusal(400, 'This server is no proxy: ask for a path that begins with a slash.');
  if (!isOwnHost(host)) {
    return refusal(421, `This server is reached as localhost or 127.0.0.1, not as "${host ?? ''}".`);
  }
  if (isForeignOrigin(origin, host)) {
    return refusal(
      403,
      `Pages of ${origin} may not use this API. Use it from a program, or from a page of its own address.`,
    );
  }
  return undefined;
}

/** A `Status` of the Kubernetes API. */
export function refusal(code: number, message: string): Response {
  const status = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'Forbidden',
    message,
    code,
  };
  return Response.json(status, { status: code });
}
