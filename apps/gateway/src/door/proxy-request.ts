import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type Passage, requestHeaders, responseHeaders } from './forwarded-headers.ts';
import type { Refusal } from './refusals.ts';
import { openUpstream, refusalOf, type UpstreamLimits } from './upstream-request.ts';

export interface ProxyTarget {
  /** `host:port` of the agent. */
  readonly endpoint: string;
  readonly passage: Passage;
  readonly limits: UpstreamLimits;
  /** Ends both sides. */
  readonly signal: AbortSignal;
}

/**
 * Passes a request on and its answer back; resolves when both are over.
 *
 * @returns why there was no answer, as long as nothing of one has been sent
 */
export async function proxyRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: ProxyTarget,
): Promise<Refusal | undefined> {
  const ended = new AbortController();
  response.once('close', () => ended.abort());
  const upstream = openUpstream({
    endpoint: target.endpoint,
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    headers: requestHeaders(request, target.passage),
    limits: target.limits,
    signal: AbortSignal.any([target.signal, ended.signal]),
  });
  const answered = Promise.withResolvers<IncomingMessage>();
  upstream.once('response', answered.resolve);
  upstream.on('error', answered.reject);
  // A desktop may answer before it has read everything: the answer decides, not the body.
  request.once('error', () => upstream.destroy());
  request.pipe(upstream);
  try {
    const answer = await answered.promise;
    response.writeHead(answer.statusCode ?? 502, responseHeaders(answer).flat());
    response.flushHeaders();
    await pipeline(answer, response);
    return undefined;
  } catch (error) {
    if (!response.headersSent && !response.destroyed && !target.signal.aborted) return refusalOf(error);
    // Half an answer is ended so that it cannot pass for a whole one.
    response.destroy();
    return undefined;
  }
}
