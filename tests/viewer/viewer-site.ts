import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { build } from 'vite';
import { type WebSocket, WebSocketServer } from 'ws';

/** Stricter than what the agent sends: what works under this works there. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

const viewerRoot = join(import.meta.dirname, '../../apps/viewer');
const configFile = join(viewerRoot, 'vite.config.ts');

/** The built viewer behind a server that plays the door; the test decides what it answers. */
export interface ViewerSite extends AsyncDisposable {
  readonly origin: string;
  /** Status of `/ws` and `/renew`; 200 lets everybody in. */
  doorStatus: number;
  readonly renewals: readonly string[];
  /** The newest viewer's signalling. */
  readonly socket: WebSocket | undefined;
  /** Gets every text that a viewer sends. */
  onSignal: (text: string) => void;
}

/** Builds the viewer and the loopback agent into a directory of their own and serves both on a free port of 127.0.0.1. */
export async function startViewerSite(): Promise<ViewerSite> {
  await using stack = new AsyncDisposableStack();
  const { path: directory } = stack.use(await buildViewer());
  await buildLoopbackAgent(directory);

  const renewals: string[] = [];
  let socket: WebSocket | undefined;
  const server = createServer((request, response) => void answer(request, response));
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'vdi.v1' });
  stack.defer(() => {
    for (const client of sockets.clients) client.terminate();
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  server.on('upgrade', (request, connection, head) => {
    if (site.doorStatus !== 200) {
      connection.end(`HTTP/1.1 ${site.doorStatus} No\r\nConnection: close\r\n\r\n`);
      return;
    }
    sockets.handleUpgrade(request, connection, head, (opened) => {
      socket = opened;
      opened.on('message', (data: Buffer) => site.onSignal(data.toString()));
    });
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?', 1)[0] ?? '/';
    if (path === '/renew' || path === '/ws') {
      for await (const chunk of request) renewals.push(String(chunk));
      response.writeHead(site.doorStatus === 200 && path === '/ws' ? 426 : site.doorStatus).end();
      return;
    }
    await answerFile(path === '/' ? '/index.html' : path, directory, response);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const resources = stack.move();
  const site: ViewerSite = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    doorStatus: 200,
    renewals,
    get socket() {
      return socket;
    },
    onSignal: () => undefined,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
  return site;
}

/** The viewer as it is shipped, in a directory of its own. */
export async function buildViewer(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'viewer-'));
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true });
  try {
    await build({ configFile, logLevel: 'error', build: { outDir: path } });
  } catch (cause) {
    await remove();
    throw cause;
  }
  return { path, [Symbol.asyncDispose]: remove };
}

async function buildLoopbackAgent(directory: string): Promise<void> {
  await build({
    configFile,
    logLevel: 'error',
    publicDir: false,
    build: {
      outDir: join(directory, 'loopback'),
      lib: {
        entry: join(viewerRoot, 'src/testing/loopback-agent.ts'),
        formats: ['es'],
        fileName: () => 'loopback-agent.js',
      },
    },
  });
}

async function answerFile(path: string, directory: string, response: ServerResponse): Promise<void> {
  if (path === '/loopback/') {
    response.writeHead(200, { 'content-type': 'text/html' });
    response.end('<!doctype html><title>agent</title><body><script type="module" src="./loopback-agent.js"></script>');
    return;
  }
  try {
    const body = await readFile(join(directory, path));
    response.writeHead(200, {
      'content-type': contentTypes[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': contentSecurityPolicy,
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}
