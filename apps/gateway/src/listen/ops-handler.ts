import type { ServerResponse } from 'node:http';
import type { Metrics } from '@vdi/telemetry';
import type { HttpHandler } from './http-listener.ts';
import type { Readiness } from './readiness.ts';

/** For kubelet and Prometheus. */
export function opsHandler({
  readiness,
  metrics,
}: {
  readonly readiness: Readiness;
  readonly metrics: Metrics;
}): HttpHandler {
  return {
    handle(request, response) {
      const path = request.url?.split('?', 1)[0];
      if (path === '/healthz') text(response, 200, 'ok\n');
      else if (path === '/readyz') answerReadiness(response, readiness.missing());
      else if (path === '/metrics') void answerMetrics(response, metrics);
      else text(response, 404, 'There are /healthz, /readyz and /metrics.\n');
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
