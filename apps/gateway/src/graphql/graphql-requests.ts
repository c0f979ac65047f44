import type { Logger } from '@vdi/telemetry';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createYoga, type Plugin } from 'graphql-yoga';
import { apiError } from './api-error.ts';
import type { GraphqlContext } from './graphql-context.ts';
import type { GraphqlEndpointOptions } from './graphql-endpoint.ts';
import { limitedParse } from './limits/limited-parse.ts';
import { createOperationCount } from './operation-count.ts';
import { presentError } from './present-error.ts';
import { requireOrigin, requirePrincipal, viaOf } from './request-gate.ts';
import { schema } from './schema.ts';

const maxBodyBytes = 64 * 1024;

/**
 * GraphQL over HTTP: POST and JSON alone, which no page of another origin can send without asking (CSRF). Strangers get no
 * further than being told to sign in: nothing of theirs is parsed.
 */
export async function handleGraphqlRequests(app: FastifyInstance, options: GraphqlEndpointOptions): Promise<void> {
  const count = createOperationCount(options.metrics);
  const yoga = createYoga<GraphqlContext>({
    schema,
    plugins: [limits, noSubscriptions, presentedErrors(options.log), count.plugin],
    maskedErrors: { maskError: (error) => presentError(error, options.log) },
    graphiql: false,
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: false,
  });
  let isSynced = false;
  void options.catalog.synced.then(
    () => (isSynced = true),
    // Disposed of while starting: there will be no requests.
    () => undefined,
  );

  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: maxBodyBytes }, (_request, body, done) =>
    done(null, body),
  );
  app.setErrorHandler((error, _request, reply) => answerError(reply, error, options));
  app.all('/graphql', async (request, reply) => {
    if (request.method !== 'POST') throw methodNotAllowed(request.method);
    requireOrigin(request.raw, options.origins);
    requireJson(request);
    if (!isSynced) throw starting();
    const via = viaOf(request.raw, 'graphql', { ...options, requestId: request.id });
    const principal = await requirePrincipal(request.raw, via, options);
    const asked = fetchRequestOf(request);
    const startedAt = performance.now();
    const answer = await yoga.fetch(asked, { platform: options, principal, via });
    count.finished(asked, (performance.now() - startedAt) / 1_000);
    return await reply
      .status(answer.status)
      .headers(Object.fromEntries(answer.headers))
      .header('cache-control', 'no-store')
      .send(Buffer.from(await answer.arrayBuffer()));
  });
}

const limits: Plugin = {
  onParse({ setParseFn }) {
    setParseFn(limitedParse);
  },
};

/** A stream over HTTP would be a second way in, without the checks of the first. */
const noSubscriptions: Plugin = {
  onSubscribe() {
    throw apiError('BAD_USER_INPUT', 'Subscriptions need a WebSocket: connect to this address with graphql-ws');
  },
};

/** Errors of validation pass the mask by. */
function presentedErrors(log: Logger): Plugin {
  return {
    onExecutionResult(hook) {
      const { result } = hook;
      if (result === undefined || !('errors' in result) || result.errors === undefined) return;
      hook.setResult({ ...result, errors: result.errors.map((error) => presentError(error, log)) });
    },
  };
}

function fetchRequestOf({ headers, body }: FastifyRequest): Request {
  const accept = headers.accept ?? 'application/graphql-response+json';
  return new Request('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: body as Buffer<ArrayBuffer>,
  });
}

function requireJson({ headers }: FastifyRequest): void {
  if (/^application\/json\s*(;|$)/i.test(headers['content-type'] ?? '')) return;
  throw apiError('BAD_USER_INPUT', 'GraphQL is taken as JSON alone: send content-type application/json', {
    http: { status: 415 },
  });
}

function methodNotAllowed(method: string) {
  return apiError('BAD_USER_INPUT', `GraphQL is not taken by ${method}: send a POST with a JSON body`, {
    http: { status: 405, headers: { allow: 'POST' } },
  });
}

function starting() {
  return apiError('UNAVAILABLE', 'The gateway is starting and has not read the cluster yet: try again in a moment', {
    http: { status: 503, headers: { 'retry-after': '1' } },
  });
}

/** What went wrong before GraphQL was reached, in the form that GraphQL clients read. */
async function answerError(reply: FastifyReply, error: unknown, { log }: GraphqlEndpointOptions): Promise<void> {
  const presented = presentError(ofServer(error), log);
  const { http, ...extensions } = presented.extensions;
  await reply
    .status(http?.status ?? 500)
    .headers(http?.headers ?? {})
    .header('cache-control', 'no-store')
    .type('application/graphql-response+json; charset=utf-8')
    .send(JSON.stringify({ errors: [{ message: presented.message, extensions }] }));
}

/** Errors of the server about the request itself: a body that is too long, or cut short. */
function ofServer(error: unknown): unknown {
  if (!(error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')) return error;
  if (error.statusCode >= 500) return error;
  return apiError('BAD_USER_INPUT', `${error.message}: send at most ${maxBodyBytes} bytes`, {
    http: { status: error.statusCode },
  });
}
