import { once } from 'node:events';
import { createServer, type IncomingMessage, request as httpRequest, type ServerResponse } from 'node:http';
import { duplexPair } from 'node:stream';

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** What is asked in this process: texts both ways, as OpenID Connect has them. */
export type InProcessFetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: unknown;
    readonly signal?: AbortSignal;
  },
) => Promise<Response>;

/**
 * A `fetch` that reaches a handler in this process over HTTP on a pair of streams: no port, no name service and no
 * certificate in between, whatever the address says. A proxy in front of the public address need not let us out and in
 * again.
 */
export function inProcessFetch(handle: Handle): InProcessFetch {
  // Never listens: it only reads what is put in.
  const server = createServer(handle);
  return async (url, { method, headers, body, signal }) => {
    const { host, pathname, search } = new URL(url);
    const text = textOf(body);
    const [near, far] = duplexPair();
    server.emit('connection', far);
    const request = httpRequest({
      method,
      path: `${pathname}${search}`,
      headers: { ...headers, host, connection: 'close' },
      createConnection: () => near,
      ...(signal === undefined ? {} : { signal }),
    });
    request.end(text);
    const [answer] = (await once(request, 'response')) as [IncomingMessage];
    const chunks: Buffer[] = [];
    for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
    near.destroy();
    far.destroy();
    return new Response(hasBody(answer) ? Buffer.concat(chunks) : null, {
      status: answer.statusCode ?? 502,
      headers: headersOf(answer),
    });
  };
}

function textOf(body: unknown): string | undefined {
  if (body === undefined || body === null) return undefined;
  if (typeof body === 'string' || body instanceof URLSearchParams) return String(body);
  throw new TypeError('Only texts and forms are sent in this process');
}

function hasBody({ statusCode }: IncomingMessage): boolean {
  return statusCode !== 204 && statusCode !== 304;
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
