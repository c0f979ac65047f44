import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTicketSigner, generateTicketKeys, type TicketSigner } from '@vdi/identity';
import { createLogger } from '@vdi/telemetry';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { TicketGate } from '../signalling/ticket-gate.ts';
import { answerRequest } from './agent-routes.ts';
import { writeAnswer } from './answer.ts';
import { loadViewerFiles } from './viewer-files.ts';

/** The routes before X answers, over real HTTP. The rest is tested with a real display in tests/agent. */
const session = 'session-1';
const agentToken = 'operator-token-of-this-test';
let server: Server;
let directory: string;
let signer: TicketSigner;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vdi-viewer-'));
  await mkdir(join(directory, 'assets'));
  await writeFile(join(directory, 'index.html'), '<!doctype html><title>Viewer</title>');
  await writeFile(join(directory, 'assets/main-BxY3kQ9z.js'), 'export {};');
  const keys = await generateTicketKeys();
  signer = await createTicketSigner(keys.privateJwk);
  const context = {
    gate: new TicketGate({ keys: keys.jwks, audience: session, clock: systemClock }),
    agentToken,
    files: await loadViewerFiles(directory),
    agent: () => undefined,
    stop: () => undefined,
    log: createLogger({ name: 'test', level: 'silent' }),
  };
  server = createServer((request, response) => {
    void answerRequest(request, context).then((answer) =>
      writeAnswer(response, answer, { isHead: request.method === 'HEAD' }),
    );
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await rm(directory, { recursive: true });
});

const ask = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, init);
const aTicket = async (audience = session): Promise<Record<string, string>> => ({
  'X-Vdi-Ticket': await signer.sign({ audience, user: 'alice@example.com', role: 'owner' }),
});
const bearer = { Authorization: `Bearer ${agentToken}` };

describe('a request', () => {
  it.each([
    '/',
    '/index.html',
    '/assets/main-BxY3kQ9z.js',
    '/ws',
    '/renew',
    '/nothing',
    '//status',
    '/%73tatus',
    '/status/',
  ])('for %s needs a ticket', async (path) => {
    expect((await ask(path)).status).toBe(401);
    expect((await ask(path, { headers: bearer })).status).toBe(401);
    expect((await ask(path, { headers: await aTicket('another') })).status).toBe(403);
  });

  it.each(['/status', '/metrics', '/warn', '/stop'])(
    'for %s needs the bearer token, and no ticket helps',
    async (path) => {
      const method = path === '/warn' || path === '/stop' ? 'POST' : 'GET';
      expect((await ask(path, { method, headers: await aTicket() })).status).toBe(401);
      expect((await ask(path, { method, headers: { Authorization: 'Bearer wrong' } })).status).toBe(401);
      expect((await ask(path, { method, headers: { Authorization: `Basic ${agentToken}` } })).status).toBe(401);
      const headers = { ...bearer, 'Content-Type': 'application/json' };
      const body =
        method === 'POST' ? JSON.stringify({ reason: 'expiring', at: '2030-01-01T00:00:00Z', message: '' }) : null;
      expect((await ask(path, { method, headers, body })).status).toBe(503);
    },
  );

  it('of a probe needs nothing, and hears that the display is not there yet', async () => {
    expect((await ask('/healthz')).status).toBe(200);
    expect((await ask('/readyz')).status).toBe(503);
    expect((await ask('/readyz/desktop')).status).toBe(503);
  });

  it('with two tickets has none', async () => {
    const { 'X-Vdi-Ticket': ticket } = await aTicket();
    expect(
      (
        await ask('/', {
          headers: [
            ['X-Vdi-Ticket', ticket!],
            ['X-Vdi-Ticket', ticket!],
          ],
        })
      ).status,
    ).toBe(401);
  });

  it('with the wrong method hears which is right', async () => {
    const answer = await ask('/renew', { headers: await aTicket() });
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await ask('/', { method: 'POST', headers: await aTicket() })).status).toBe(405);
  });

  it('with a body of the wrong kind hears why', async () => {
    const post = async (type: string, body: string): Promise<number> =>
      (await ask('/renew', { method: 'POST', headers: { ...(await aTicket()), 'Content-Type': type }, body })).status;
    expect(await post('text/plain', '{"viewer":"1"}')).toBe(415);
    expect(await post('application/json', 'viewer=1')).toBe(400);
    expect(await post('application/json', '{"viewer":7}')).toBe(400);
    expect(await post('application/json', `{"viewer":"${'x'.repeat(9000)}"}`)).toBe(413);
  });
});

describe('the viewer page', () => {
  it('comes with a policy that lets nothing foreign in, and is asked for again each time', async () => {
    const answer = await ask('/', { headers: await aTicket() });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self'/);
    expect(answer.headers.get('content-security-policy')).not.toContain('unsafe');
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const again = await ask('/', { headers: { ...(await aTicket()), 'If-None-Match': answer.headers.get('etag')! } });
    expect(again.status).toBe(304);
  });

  it('keeps assets whose name tells their content, and sends them compressed', async () => {
    const answer = await ask('/assets/main-BxY3kQ9z.js', { headers: await aTicket() });
    expect(answer.headers.get('cache-control')).toContain('immutable');
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(await answer.text()).toBe('export {};');
  });

  it.each(['/../secret', '/assets/..%2f..%2fetc/passwd', '/assets', '/assets/', '/main.js', '/constructor'])(
    'is not a way to other files: %s',
    async (path) => {
      expect((await ask(path, { headers: await aTicket() })).status).toBe(404);
    },
  );
});
