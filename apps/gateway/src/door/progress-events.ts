import type { ServerResponse } from 'node:http';
import type { VDISession } from '@vdi/api';
import type { Catalog } from '../catalog/catalog.ts';
import { progressOf } from './progress.ts';

const heartbeatMs = 15_000;

/** A stream of server-sent events with the progress of `session`: what is, then every change. Resolves when it is over. */
export async function streamProgress(
  response: ServerResponse,
  options: { readonly catalog: Catalog; readonly session: VDISession; readonly signal: AbortSignal },
): Promise<void> {
  const { catalog, session, signal } = options;
  const { namespace = '', name, uid } = session.metadata;
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
    'Cross-Origin-Resource-Policy': 'same-origin',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
  });
  let last = '';
  const tell = (): void => {
    const current = catalog.session(namespace, name);
    const event = JSON.stringify(progressOf(current?.metadata.uid === uid ? current : undefined));
    if (event !== last) response.write(`data: ${event}\n\n`);
    last = event;
  };
  tell();
  const unsubscribe = catalog.subscribe((change) => {
    if (change.session.metadata.uid === uid) tell();
  });
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs);
  const over = Promise.withResolvers<void>();
  response.once('close', () => over.resolve());
  const end = (): void => void response.end();
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  await over.promise;
  signal.removeEventListener('abort', end);
  clearInterval(heartbeat);
  unsubscribe();
}
