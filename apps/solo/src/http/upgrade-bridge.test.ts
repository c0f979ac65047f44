import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createLogger } from '@vdi/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type CertificateAuthority, openAuthority } from '../certificates/authority.ts';
import { openServerCertificate, type ServerCertificate } from '../certificates/server-certificate.ts';
import { openStateDirectory, type StateDirectory } from '../state/state-directory.ts';
import { type HttpsListener, listenOnLoopback } from './https-listener.ts';
import type { UpgradeHandler } from './upgrade-bridge.ts';

const log = createLogger({ name: 'test', level: 'silent' });
let state: StateDirectory;
let authority: CertificateAuthority;
let certificate: ServerCertificate;

beforeAll(async () => {
  state = openStateDirectory(mkdtempSync(join(tmpdir(), 'vdi-upgrade-')));
  authority = await openAuthority(state, new Date());
  certificate = await openServerCertificate(state, authority, new Date());
});
afterAll(() => rmSync(state.path, { recursive: true }));

const listen = (upgrade: UpgradeHandler): Promise<HttpsListener> =>
  listenOnLoopback({ port: 0, certificate, handler: async () => new Response('no'), upgrade, log });

/** Says its path and the message back. */
const echo: UpgradeHandler = async ({ url }) => ({
  protocols: ['new', 'old'],
  take: (socket) => socket.on('message', (data: Buffer) => socket.send(`${new URL(url).pathname} ${data.toString()}`)),
});

const connect = ({ port }: HttpsListener, protocols: readonly string[]): WebSocket =>
  new WebSocket(`wss://127.0.0.1:${port}/path`, [...protocols], { ca: authority.certificatePem });

/** As from a browser whose owner clicked the warning away. */
const checkServerIdentity = (): undefined => undefined;

/** What is answered to a request that asks for another protocol and does not get it. */
async function refused(
  { port }: HttpsListener,
  headers: Readonly<Record<string, string>>,
): Promise<readonly unknown[]> {
  const key = { connection: 'Upgrade', 'sec-websocket-version': '13', 'sec-websocket-key': 'AQIDBAUGBwgJCgsMDQ4PEA==' };
  const options = { host: '127.0.0.1', port, ca: authority.certificatePem, agent: false, checkServerIdentity };
  const outgoing = request({ ...options, headers: { upgrade: 'websocket', ...key, ...headers } });
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const { message } = JSON.parse(await text(response)) as { readonly message: string };
  return [response.statusCode, message];
}

describe('a listener that changes to WebSockets', () => {
  it('does so with the first of its subprotocols that the client offers', async () => {
    await using listener = await listen(echo);
    for (const [offered, chosen] of [
      [['old', 'new'], 'new'],
      [['old', 'other'], 'old'],
    ] as const) {
      const socket = connect(listener, offered);
      await once(socket, 'open');
      expect(socket.protocol).toBe(chosen);
      socket.send('hello');
      expect(String((await once(socket, 'message'))[0])).toBe('/path hello');
      socket.close();
    }
  });

  it('hands on what the handler answers instead', async () => {
    await using listener = await listen(async () => Response.json({ message: 'no such Pod' }, { status: 404 }));
    expect(await refused(listener, {})).toEqual([404, 'no such Pod']);
  });

  it('says what it speaks to who speaks something else', async () => {
    await using listener = await listen(echo);
    expect(await refused(listener, { 'sec-websocket-protocol': 'other' })).toEqual([
      400,
      expect.stringContaining('new, old') as string,
    ]);
    expect(await refused(listener, { upgrade: 'SPDY/3.1' })).toEqual([
      400,
      expect.stringContaining('kubectl does from version 1.31 on') as string,
    ]);
  });

  it('is closed to pages of other sites, before anybody is asked', async () => {
    let wasAsked = false;
    await using listener = await listen(async (asked) => {
      wasAsked = true;
      return await echo(asked);
    });
    expect((await refused(listener, { origin: 'https://evil.example' }))[0]).toBe(403);
    expect((await refused(listener, { host: 'evil.example' }))[0]).toBe(421);
    expect(wasAsked).toBe(false);
  });

  it('cuts what is open when it stops', async () => {
    const listener = await listen(echo);
    const socket = connect(listener, ['new']);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    await listener[Symbol.asyncDispose]();
    expect((await closed)[0]).toBe(1006);
  });
});
