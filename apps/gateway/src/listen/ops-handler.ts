import type { ServerResponse } from 'node:http';
import type { Metrics } from '@vdi/telemetry';
import type { HttpHandler } from './http-listener.ts';
import type { Readiness } from './readiness.ts';

export const opsPaths = ['/healthz', '/readyz', '/metrics'] as const;

/** For kubelet and Prometheus. */
export function opsHandler({
  readiness,
  metrics,
}: {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}): HttpHandler {
  const answers: Readonly<Record<(typeof opsPaths)[number], (response: ServerResponse) => void>> = {
    '/healthz': (response) => text(response, 200, 'ok\n'),
    '/readyz': (response) => answerReadiness(response, readiness.missing()),
    '/metrics': (response) => void answerMetrics(response, metrics),
  };
  return {
    handle(request, response) {
      const path = opsPaths.find((known) => known === request.url?.split('?', 1)[0]);
      if (path === undefined) text(response, 404, `There are ${opsPaths.join(', ')}.\n`);
      else answers[path](response);
    },
  };
}

function answerReadiness(response: ServerResponse, missing: readonly string[]): void {
  if (missing.length === 0) text(response, 200, 'ok\n');
  else text(response, 503, missing.map((what) => `waiting: ${what}\n`).join(''));
}

async function answerMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  try {
    response.writeHead(200, { 'content-type': metrics.contentType }).end(await metrics.text());
  } catch (error) {
    response.destroy(error instanceof Error ? error : undefined);
  }
}

function text(response: ServerResponse, status: number, body: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(body);
}
