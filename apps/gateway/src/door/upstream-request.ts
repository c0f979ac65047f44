import { type ClientRequest, request as httpRequest } from 'node:http';
import { type Refusal, tooSlow, unreachable } from './refusals.ts';

/** How long a desktop may be silent before it accepts a connection, and before it begins to answer. */
export interface UpstreamLimits {
  readonly connectMs: number;
  readonly answerMs: number;
}

export const upstreamLimits: UpstreamLimits = { connectMs: 5_000, answerMs: 30_000 };

/** Why there is no answer, as an `Error` that travels through the request. */
class UpstreamFailure extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.message);
    this.refusal = refusal;
  }
}

/**
 * A request to a desktop, on a connection of its own: addresses of pods are used again, and a connection that outlived
 * its pod would lead to another's.
 *
 * @param endpoint `host:port`
 */
export function openUpstream(options: {
  readonly endpoint: string;
  readonly method: string;
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly limits: UpstreamLimits;
  readonly signal: AbortSignal;
}): ClientRequest {
  const { endpoint, method, target, headers, limits, signal } = options;
  const { hostname, port } = new URL(`http://${endpoint}`);
  const request = httpRequest({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 80 : Number(port),
    method,
    path: target,
    headers: headers.flat(),
    setHost: false,
    agent: false,
    signal,
  });
  const connecting = setTimeout(() => request.destroy(new UpstreamFailure(unreachable)), limits.connectMs);
  let answering: NodeJS.Timeout | undefined;
  request.once('socket', (socket) => socket.once('connect', () => clearTimeout(connecting)));
  // The body may take long to arrive; the wait begins with its end.
  request.once('finish', () => {
    answering = setTimeout(() => request.destroy(new UpstreamFailure(tooSlow)), limits.answerMs);
  });
  const settle = (): void => {
    clearTimeout(connecting);
    clearTimeout(answering);
    answering = undefined;
  };
  for (const event of ['response', 'upgrade', 'close', 'error']) request.once(event, settle);
  return request;
}

/** What to tell the browser when a request to a desktop failed. */
export function refusalOf(error: unknown): Refusal {
  return error instanceof UpstreamFailure ? error.refusal : unreachable;
}
