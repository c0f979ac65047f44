import { createServer, type ServerResponse } from 'node:http';
import { UserError } from '@vdi/api';
import { createKubeClient, fetchInCluster } from '@vdi/kube';
import { createLogger, createMetrics, type Metrics } from '@vdi/telemetry';
import { type OperatorConfig, readConfig } from './config.ts';
import { publishedTicketKeys } from './published-ticket-keys.ts';
import { startOperator } from './start-operator.ts';

/** The operator of a cluster: runs until it is told to stop, or until another one leads. */
async function main(config: OperatorConfig): Promise<void> {
  const log = createLogger({ name: 'vdi-operator', level: config.logLevel });
  const metrics = createMetrics();
  await using connection = await fetchInCluster();
  const kube = createKubeClient({ ...connection });
  await using operator = await startOperator({
    kube,
    settings: config.settings,
    ticketKeys: publishedTicketKeys(kube, { namespace: config.namespace, name: config.ticketKeysConfigMap }),
    log,
    metrics,
    election: { namespace: config.namespace, name: 'vdi-operator', identity: config.identity },
  });
  const server = createServer((request, response) => void answer(request.url ?? '/', response, metrics));
  server.listen(config.listen.port, config.listen.host);
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
  });
  const why = await Promise.race([stopped, operator.lost.then((error) => error.message)]);
  log.info({ why }, 'Stopping');
  server.close();
}

/** Probes and Prometheus. */
async function answer(path: string, response: ServerResponse, metrics: Metrics): Promise<void> {
  if (path === '/metrics') response.setHeader('content-type', metrics.contentType).end(await metrics.text());
  else if (path === '/healthz' || path === '/readyz') response.end('ok');
  else response.writeHead(404).end('There are /healthz, /readyz and /metrics.');
}

try {
  await main(readConfig(process.env));
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
