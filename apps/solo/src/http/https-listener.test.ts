import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request, type RequestOptions } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { text } from 'node:stream/consumers';
import { createLogger } from '@vdi/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CertificateAuthority, openAuthority } from '../certificates/authority.ts';
import { openServerCertificate, type ServerCertificate } from '../certificates/server-certificate.ts';
import { openStateDirectory, type StateDirectory } from '../state/state-directory.ts';
import { type HttpsListener, listenOnLoopback } from './https-listener.ts';
import type { FetchHandler } from './web-bridge.ts';

const log = createLogger({ name: 'test', level: 'silent' });
let state: StateDirectory;
let authority: CertificateAuthority;
let certificate: ServerCertificate;

beforeAll(async () => {
  state = openStateDirectory(mkdtempSync(join(tmpdir(), 'vdi-listener-')));
  authority = await openAuthority(state, new Date());
  certificate = await openServerCertificate(state, authority, new Date());
});
afterAll(() => rmSync(state.path, { recursive: true }));

const listen = (handler: FetchHandler): Promise<HttpsListener> =>
  listenOnLoopback({ port: 0, certificate, handler, log });

async function ask(listener: HttpsListener, options: RequestOptions = {}, body?: string): Promise<IncomingMessage> {
  const outgoing = request({
    host: '127.0.0.1',
    port: listener.port,
    ca: authority.certificatePem,
    agent: false,
    // As from a browser whose owner clicked the warning away.
    checkServerIdentity: () => undefined,
    ...options,
  });
  outgoing.end(body);
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return response;
}

describe('the listener', () => {
  it('hands on method, path, headers and body, and answers with status, headers and body', async () => {
    await using listener = await listen(async (request) => {
      const { pathname, search } = new URL(request.url);
      const answer = `${request.method} ${pathname}${search} ${request.headers.get('x-a')} ${await request.text()}`;
      return new Response(answer, {
        status: 201,
        headers: [
          ['x-b', '1'],
          ['set-cookie', 'a=1'],
          ['set-cookie', 'b=2'],
        ],
      });
    });
    const response = await ask(listener, { method: 'POST', path: '/p?q=1', headers: { 'x-a': 'yes' } }, 'body');
    expect(await text(response)).toBe('POST /p?q=1 yes body');
    expect([response.statusCode, response.headers['x-b'], response.headers['set-cookie']]).toEqual([
      201,
      '1',
      ['a=1', 'b=2'],
    ]);
  });

  it('sends headers and each piece of a stream as it comes', async () => {
    const pieces = new TransformStream<Uint8Array, Uint8Array>();
    const writer = pieces.writable.getWriter();
    await using listener = await listen(async () => new Response(pieces.readable));
    const response = await ask(listener);
    const encoder = new TextEncoder();
    void writer.write(encoder.encode('one'));
    expect(String((await once(response, 'data'))[0])).toBe('one');
    void writer.write(encoder.encode('two'));
    expect(String((await once(response, 'data'))[0])).toBe('two');
    await writer.close();
  });

  it('aborts the request’s signal when the client goes away', async () => {
    const { promise: aborted, resolve } = Promise.withResolvers<void>();
    await using listener = await listen(async ({ signal }) => {
      signal.addEventListener('abort', () => resolve());
      return new Response(new ReadableStream({}));
    });
    (await ask(listener)).destroy();
    await aborted;
  });

  it('cuts a client off when the handler fails in the middle, instead of pretending the end', async () => {
    await using listener = await listen(async () => {
      let isFirst = true;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (isFirst) controller.enqueue(new TextEncoder().encode('half'));
          else controller.error(new Error('broken'));
          isFirst = false;
        },
      });
      return new Response(body);
    });
    await expect(text(await ask(listener))).rejects.toThrow(/aborted|terminated|premature/i);
  });

  it.each(['127.0.0.1:1', '127.0.0.1', 'localhost:7', 'LOCALHOST', '[::1]:5'])('answers as %s', async (host) => {
    await using listener = await listen(async () => new Response('ok'));
    expect((await ask(listener, { headers: { host } })).statusCode).toBe(200);
  });

  it.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:7443', '127.0.0.1:x', ''])(
    'refuses a page that made its own name “%s” mean this machine',
    async (host) => {
      let wasAsked = false;
      await using listener = await listen(async () => {
        wasAsked = true;
        return new Response('ok');
      });
      expect((await ask(listener, { headers: { host }, setHost: false })).statusCode).toBe(421);
      expect(wasAsked).toBe(false);
    },
  );

  it('refuses pages of other origins, and serves its own', async () => {
    await using listener = await listen(async () => new Response('ok'));
    const host = `127.0.0.1:${listener.port}`;
    const asked = async (origin: string): Promise<number | undefined> =>
      (await ask(listener, { headers: { host, origin } })).statusCode;
    expect(await asked(`https://${host}`)).toBe(200);
    expect(await asked('https://evil.example')).toBe(403);
    expect(await asked(`http://${host}`)).toBe(403);
    expect(await asked('null')).toBe(403);
  });

  it('is no proxy', async () => {
    await using listener = await listen(async () => new Response('ok'));
    expect((await ask(listener, { path: 'http://example.com/' })).statusCode).toBe(400);
  });

  it('shows a renewed certificate from the next connection on', async () => {
    await using listener = await listen(async () => new Response('ok'));
    const shown = async (): Promise<string | undefined> => {
      const { socket } = await ask(listener);
      return (socket as TLSSocket).getPeerX509Certificate()?.toString();
    };
    rmSync(state.serverKey);
    const renewed = await openServerCertificate(state, authority, new Date());
    expect(await shown()).toBe(certificate.certificate);
    listener.useCertificate(renewed);
    expect(await shown()).toBe(renewed.certificate);
  });

  it('names the option that chooses another port when its own is taken', async () => {
    await using listener = await listen(async () => new Response('ok'));
    await expect(
      listenOnLoopback({ port: listener.port, certificate, handler: async () => new Response(), log }),
    ).rejects.toThrow(
      expect.objectContaining({ code: 'PortTaken', message: expect.stringContaining('--api-port') as string }),
    );
  });

  it('ends open watches when it stops, and frees the port', async () => {
    const listener = await listen(async () => new Response(new ReadableStream({})));
    const response = await ask(listener);
    const ended = text(response).catch(() => 'cut');
    await listener[Symbol.asyncDispose]();
    expect(await ended).toBe('cut');
    await using again = await listenOnLoopback({
      port: listener.port,
      certificate,
      handler: async () => new Response('ok'),
      log,
    });
    expect(again.port).toBe(listener.port);
  });
});
