import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, getOperationAST, type GraphQLError, validate } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import { createGatewayMetrics } from '../metrics/gateway-metrics.ts';
import { apiError } from './api-error.ts';
import type { GraphqlContext } from './graphql-context.ts';
import type { GraphqlEndpoint, GraphqlEndpointOptions } from './graphql-endpoint.ts';
import { limitedParse } from './limits/limited-parse.ts';
import { presentError } from './present-error.ts';
import { schema } from './schema.ts';
import { createSocketIdentities } from './socket-identities.ts';

const protocol = 'graphql-transport-ws';
const maxMessageBytes = 64 * 1024;
const maxSubscriptionsPerSocket = 50;

const goingAwayCode = 1001;

type Options = Required<ServerOptions<Record<string, unknown>, Extra>>;

/** GraphQL subscriptions over WebSocket, and nothing else. */
export function createGraphqlSocket(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { log } = options;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: maxMessageBytes,
    handleProtocols: (offered) => (offered.has(protocol) ? protocol : false),
  });
  const identities = createSocketIdentities(options);

  const metrics = options.metrics ?? createGatewayMetrics();
  const onSubscribe: Options['onSubscribe'] = ({ extra: { request }, subscriptions }, _id, payload) => {
    const context = identities.contextOf(request);
    const startedAt = performance.now();
    const count = (outcome: string): void =>
      metrics.answeredGraphql('subscription', outcome, (performance.now() - startedAt) / 1_000);
    try {
      if (context === undefined) throw new TypeError('A socket without a context was accepted');
      if (Object.keys(subscriptions).length > maxSubscriptionsPerSocket) throw tooManySubscriptions();
      const execution = executionOf(payload, context);
      count('ok');
      return execution;
    } catch (error) {
      const presented = presentError(error, log);
      count(String(presented.extensions['code']));
      return [presented];
    }
  };
  const server = useServer(
    {
      onConnect: ({ connectionParams = {}, extra: { request, socket } }) =>
        identities.connect(request, socket, connectionParams),
      onSubscribe,
      onError: (_context, _id, _payload, errors) => errors.map((error) => presentError(error, log).toJSON()),
      onNext: (_context, _id, _payload, _args, { data = null, errors }) =>
        errors && { data, errors: errors.map((error) => presentError(error, log).toJSON()) },
      isProd: true,
    },
    sockets,
  );
  return {
    async upgrade(request, socket, head) {
      const onError = (error: Error): void => log.debug({ err: error }, 'Lost a connection that asked for an upgrade');
      socket.on('error', onError);
      try {
        const take = await identities.admit(request);
        socket.off('error', onError);
        sockets.handleUpgrade(request, socket, head, (webSocket) => {
          take(webSocket);
          sockets.emit('connection', webSocket, request);
        });
      } catch (error) {
        refuse(socket, presentError(error, log));
      }
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets.clients) socket.close(goingAwayCode, 'The gateway stops');
      await server.dispose();
    },
  };
}

/** Throws for what is not one valid subscription. */
function executionOf(
  payload: { readonly query: string; readonly operationName?: unknown; readonly variables?: unknown },
  contextValue: GraphqlContext,
): ExecutionArgs | readonly GraphQLError[] {
  const document = limitedParse(payload.query);
  const operationName = typeof payload.operationName === 'string' ? payload.operationName : undefined;
  const errors = validate(schema, document);
  if (errors.length > 0) return errors;
  const operation = getOperationAST(document, operationName);
  if (operation?.operation !== 'subscription') throw notASubscription();
  const variableValues = payload.variables as ExecutionArgs['variableValues'];
  return { schema, document, operationName, variableValues, contextValue };
}

function notASubscription() {
  return apiError('BAD_USER_INPUT', 'Only subscriptions are taken over WebSocket: POST queries and mutations');
}

function tooManySubscriptions() {
  return apiError(
    'TOO_COMPLEX',
    `This connection has ${maxSubscriptionsPerSocket} subscriptions already: end some, or watch many sessions with one`,
  );
}

/** An upgrade is refused in plain HTTP. */
function refuse(socket: Duplex, { message, extensions }: GraphQLError): void {
  const status = extensions.http?.status ?? 500;
  const body = JSON.stringify({ errors: [{ message, extensions: { code: extensions['code'] } }] });
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
      'connection: close',
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n'),
  );
}
