import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { createGatewayMetrics, type GatewayMetrics, type OperationType } from '../metrics/gateway-metrics.ts';

/** Counts operations that came over HTTP, and times them. */
export interface OperationCount {
  /** Learns of what type an operation is, and how it ends. To be the last plug-in: it sees errors as callers do. */
  readonly plugin: Plugin;
  /** The operation of `request` is over. */
  finished(request: Request, seconds: number): void;
}

export function createOperationCount(metrics: GatewayMetrics = createGatewayMetrics()): OperationCount {
  const types = new WeakMap<Request, OperationType>();
  const outcomes = new WeakMap<Request, string>();
  return {
    plugin: {
      onExecute({ args: { document, operationName, contextValue } }) {
        const operation = getOperationAST(document, operationName);
        const { request } = contextValue as { readonly request: Request };
        if (operation !== null && operation !== undefined) types.set(request, operation.operation);
      },
      onExecutionResult({ request, result }) {
        if (result === undefined || !('errors' in result)) return;
        const code = result.errors?.[0]?.extensions['code'];
        if (typeof code === 'string') outcomes.set(request, code);
      },
    },
    finished(request, seconds) {
      metrics.answeredGraphql(types.get(request) ?? 'invalid', outcomes.get(request) ?? 'ok', seconds);
    },
  };
}
