import { type Clock } from './clock.ts';
import { Deadline } from './deadline.ts';
import { KubeError } from './kube-error.ts';
import { errorOfResponse } from './status-answer.ts';

/** The part of the Web's `fetch` that the client uses: an address and what to send there. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** A value of a query parameter; undefined ones are left out. */
export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Begins with a slash and is encoded already. */
  readonly path: string;
  readonly query?: Query;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Default: `application/json`. */
  readonly contentType?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface TransportOptions {
  readonly fetch: Fetch;
  /** `https://127.0.0.1:6443`, without a trailing slash. */
  readonly baseUrl: string;
  readonly clock: Clock;
  /** Longest wait for one answer, its body included; watches and logs only wait that long for it to begin. */
  readonly requestTimeoutSeconds: number;
  readonly userAgent: string;
}

/** One JSON document for one request. Throws `KubeError`, or the reason of `signal` when the caller gave up. */
export async function requestJson<T>(options: TransportOptions, request: ApiRequest): Promise<T> {
  using deadline = deadlineOf(options, request);
  const response = await send(options, request, deadline.signal);
  return await guarded(request, async () => {
    const text = await response.text();
    try {
      return JSON.parse(text) as T;
    } catch (cause) {
      throw invalidAnswer(request, `the answer is not JSON: ${text.slice(0, 80)}`, cause);
    }
  });
}

/** The response as soon as its headers are there; its body may last for hours and ends when `signal` aborts. */
export async function openStream(options: TransportOptions, request: ApiRequest): Promise<ReadableStream<Uint8Array>> {
  using deadline = deadlineOf(options, request);
  const response = await send(options, request, deadline.signal);
  if (response.body === null) throw invalidAnswer(request, 'the answer has no body');
  return response.body;
}

async function send(options: TransportOptions, request: ApiRequest, signal: AbortSignal): Promise<Response> {
  const response = await guarded(request, () =>
    options.fetch(`${options.baseUrl}${request.path}${queryString(request.query)}`, {
      method: request.method,
      headers: headersOf(options, request),
      signal,
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
    }),
  );
  if (response.ok) return response;
  throw await errorOfResponse(response, describe(request));
}

function headersOf(options: TransportOptions, request: ApiRequest): Record<string, string> {
  const accept = { accept: 'application/json', 'user-agent': options.userAgent };
  return request.body === undefined ? accept : { ...accept, 'content-type': request.contentType ?? 'application/json' };
}

function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) parameters.set(name, String(value));
  return parameters.size === 0 ? '' : `?${parameters.toString()}`;
}

function deadlineOf(options: TransportOptions, request: ApiRequest): Deadline {
  const seconds = options.requestTimeoutSeconds;
  const message = `${describe(request)} got no answer within ${seconds} s; is the API server overloaded or the network cut?`;
  return new Deadline(options.clock, seconds * 1000, message, request.signal);
}

/** What the network throws becomes a KubeError; what the caller's own signal throws stays what it is. */
async function guarded<T>(request: ApiRequest, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (cause) {
    if (cause instanceof KubeError) throw cause;
    request.signal?.throwIfAborted();
    throw connectionFailed(request, cause);
  }
}

/** The connection broke, or could not be made. */
export function connectionFailed(request: ApiRequest, cause: unknown): KubeError {
  return new KubeError({
    status: 0,
    reason: 'ConnectionFailed',
    message: `${describe(request)} failed: ${rootMessage(cause)}`,
    cause,
  });
}

/** The server answered something that is no Kubernetes answer. */
export function invalidAnswer(request: ApiRequest, what: string, cause?: unknown): KubeError {
  return new KubeError({ status: 0, reason: 'InvalidAnswer', message: `${describe(request)} failed: ${what}`, cause });
}

export const describe = (request: ApiRequest): string => `${request.method} ${request.path}`;

/** `fetch failed` says nothing; what it carries as its cause does. */
function rootMessage(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.cause !== undefined) return rootMessage(error.cause);
  return error.message || ('code' in error ? String(error.code) : error.name);
}
