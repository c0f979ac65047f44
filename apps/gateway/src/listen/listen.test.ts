import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { UserError } from '@vdi/api';
import { createMetrics } from '@vdi/telemetry';
import { describe, expect, it } from 'vitest';
import { type HttpHandler, listenHttp } from './http-listener.ts';
import { listenInPod } from './listen-in-pod.ts';
import { opsHandler } from './ops-handler.ts';
import { createReadiness } from './readiness.ts';

const openLoopback = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const saying = (text: string): HttpHandler => ({ handle: (_request, response) => void response.end(text) });
const listenSaying = (text: string, drainMs = 10_000) =>
  listenHttp({ open: openLoopback, otherwise: saying(text), drainMs });
const said = async (port: number): Promise<string> => {
  const response = await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: 'close' } });
  return await response.text();
};

describe('a listener', () => {
  it('answers before there is somebody to answer, and after', async () => {
    await using listener = await listenSaying('not yet');
    expect(await said(listener.port)).toBe('not yet');
    const serving = listener.serve(saying('here'));
    expect(await said(listener.port)).toBe('here');
    serving[Symbol.dispose]();
    expect(await said(listener.port)).toBe('not yet');
  });

  it('lets answers under way finish when it stops, and takes nothing new', async () => {
    const listener = await listenSaying('');
    const asked = Promise.withResolvers<ServerResponse>();
    listener.serve({ handle: (_request, response) => asked.resolve(response) });
    const answer = said(listener.port);
    const response = await asked.promise;
    const stopping = listener[Symbol.asyncDispose]();
    await expect(said(listener.port)).rejects.toThrow('fetch failed');
    response.end('finished');
    expect(await answer).toBe('finished');
    await stopping;
  });

  it('ends what does not end by itself', async () => {
    const listener = await listenSaying('', 1);
    const asked = Promise.withResolvers<void>();
    listener.serve({ handle: () => asked.resolve() });
    const answer = said(listener.port).catch((error: unknown) => String(error));
    await asked.promise;
    await listener[Symbol.asyncDispose]();
    expect(await answer).toContain('fetch failed');
  });

  it('refuses an upgrade that nobody takes', async () => {
    await using listener = await listenSaying('');
    const socket = connect(listener.port, '127.0.0.1');
    socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    const [answer] = (await once(socket, 'data')) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 503 /);
    socket.destroy();
  });

  it('says which variables choose another port when its own is taken', async () => {
    const taken = createServer();
    const port = await openLoopback(taken);
    const listening = listenInPod('127.0.0.1', port);
    await expect(listening).rejects.toThrow(UserError);
    await expect(listening).rejects.toThrow(/EADDRINUSE.*VDI_VERIFY_PORT/);
    taken.close();
  });
});

describe('the operations port', () => {
  const ask = async (port: number, path: string) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`);
    return [response.status, await response.text()] as const;
  };

  it('is ready when everything is, and says until then what is awaited', async () => {
    const readiness = createReadiness();
    const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    readiness.awaits('one thing', first.promise);
    readiness.awaits('another', second.promise);
    await using listener = await listenSaying('');
    listener.serve(opsHandler({ readiness, metrics: createMetrics() }));
    expect(await ask(listener.port, '/readyz')).toEqual([503, 'waiting: one thing\nwaiting: another\n']);
    first.resolve();
    expect(await ask(listener.port, '/readyz')).toEqual([503, 'waiting: another\n']);
    second.reject(new Error('never'));
    expect(await ask(listener.port, '/readyz')).toEqual([503, 'waiting: another\n']);
    expect(await ask(listener.port, '/healthz')).toEqual([200, 'ok\n']);
  });

  it('is ready no more when the process ends', async () => {
    const readiness = createReadiness();
    await using listener = await listenSaying('');
    listener.serve(opsHandler({ readiness, metrics: createMetrics() }));
    expect(await ask(listener.port, '/readyz?verbose')).toEqual([200, 'ok\n']);
    readiness.end();
    expect(await ask(listener.port, '/readyz')).toEqual([503, 'waiting: the gateway stops\n']);
  });

  it('tells what was counted', async () => {
    const metrics = createMetrics();
    metrics.counter({ name: 'a_thing_total', help: 'A thing.', labels: [] }).add({});
    await using listener = await listenSaying('');
    listener.serve(opsHandler({ readiness: createReadiness(), metrics }));
    const response = await fetch(`http://127.0.0.1:${listener.port}/metrics`);
    expect(response.headers.get('content-type')).toContain('version=0.0.4');
    expect(await response.text()).toContain('a_thing_total 1');
  });
});
