import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTicketSigner, generateTicketKeys, type TicketSigner } from '@vdi/identity';

/** A real agent in a process of its own, with keys made for it. */
export interface AgentProcess extends AsyncDisposable {
  readonly port: number;
  readonly session: string;
  readonly signer: TicketSigner;
  readonly token: string;
  readonly display: string;
  /** Everything it logged so far, one JSON line each. */
  readonly log: () => string;
  readonly child: ChildProcess;
  readonly exited: Promise<number | null>;
  fetch(path: string, init?: RequestInit): Promise<Response>;
}

const repository = join(import.meta.dirname, '../..');
let displays = 0;

export async function startAgentProcess(environment: Readonly<Record<string, string>> = {}): Promise<AgentProcess> {
  const directory = await mkdtemp(join(tmpdir(), 'vdi-agent-'));
  const keys = await generateTicketKeys();
  const token = 'operator-token-of-this-test';
  await mkdir(join(directory, 'secret'));
  await writeFile(join(directory, 'secret/ticket-keys.json'), JSON.stringify(keys.jwks));
  await writeFile(join(directory, 'secret/agent-token'), token);
  const [port, mediaPort] = [await freeTcpPort(), await freeUdpPort()];
  displays += 1;
  const display = `:${400 + (process.pid % 100) * 10 + displays}`;
  const session = '5b0a5b2e-0000-4000-8000-000000000001';
  const child = spawn(join(repository, 'node_modules/.bin/node'), [join(repository, 'apps/agent/src/main.ts')], {
    env: {
      ...process.env,
      VDI_LISTEN: `127.0.0.1:${port}`,
      VDI_MEDIA_PORT: String(mediaPort),
      VDI_MEDIA_ADDRESSES: `127.0.0.1:${mediaPort}`,
      VDI_SESSION_UID: session,
      VDI_SESSION_NAME: 'alice-desktop',
      VDI_SECRET_DIR: join(directory, 'secret'),
      VDI_VIEWER_DIR: join(import.meta.dirname, 'page'),
      DISPLAY: display,
      ...environment,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const fetchAgent = (path: string, init?: RequestInit): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, init);
  const agent: AgentProcess = {
    port,
    session,
    signer: await createTicketSigner(keys.privateJwk),
    token,
    display,
    log: () => log,
    child,
    exited,
    fetch: fetchAgent,
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
  await readiness(agent);
  return agent;
}

async function readiness(agent: AgentProcess): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt += 1) {
    if (agent.child.exitCode !== null) break;
    const answer = await agent.fetch('/readyz').catch(() => undefined);
    if (answer?.status === 200) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The agent did not become ready:\n${agent.log()}`);
}

async function freeTcpPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function freeUdpPort(): Promise<number> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  return port;
}
