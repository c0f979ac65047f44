import { type ChildProcess, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTicketSigner, generateTicketKeys, type TicketSigner } from '@vdi/identity';
import { call, eventually, lastLines } from '@vdi/testing/desktops';

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
  const mediaPort = await freeMediaPort();
  const display = freeDisplay();
  const session = '5b0a5b2e-0000-4000-8000-000000000001';
  const child = spawn(join(repository, 'node_modules/.bin/node'), [join(repository, 'apps/agent/src/main.ts')], {
    env: {
      ...process.env,
      VDI_LISTEN: '127.0.0.1:0',
      VDI_MEDIA_PORT: String(mediaPort),
      VDI_MEDIA_ADDRESSES: `127.0.0.1:${mediaPort}`,
      VDI_SESSION_UID: session,
      VDI_SESSION_NAME: 'alice-desktop',
      VDI_SECRET_DIR: join(directory, 'secret'),
      VDI_VIEWER_DIR: join(import.meta.dirname, 'page'),
      DISPLAY: display,
      VDI_LOG_LEVEL: 'debug',
      ...environment,
    },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  let log = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text));
  const witness = call({ name: 'agent', testify: () => lastLines(log) });
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await exited;
    witness[Symbol.dispose]();
    await rm(directory, { recursive: true, force: true });
  };
  try {
    const port = await listeningPort(child, () => log);
    return {
      port,
      session,
      signer: await createTicketSigner(keys.privateJwk),
      token,
      display,
      log: () => log,
      child,
      exited,
      fetch: (path, init) => fetch(`http://127.0.0.1:${port}${path}`, init),
      [Symbol.asyncDispose]: end,
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** Where the agent says it listens, as soon as it answers there that it is ready. */
async function listeningPort(child: ChildProcess, log: () => string): Promise<number> {
  const port = await eventually(
    async () => {
      if (child.exitCode !== null || child.signalCode !== null) throw new Error(`The agent ended:\n${log()}`);
      const listening = Number(/"address":"127\.0\.0\.1:(?<port>\d+)"/.exec(log())?.groups?.['port']);
      if (!(listening > 0)) return undefined;
      const answer = await fetch(`http://127.0.0.1:${listening}/readyz`);
      return answer.ok ? listening : undefined;
    },
    (listening) => listening !== undefined,
    { what: 'A ready agent' },
  );
  return port ?? 0;
}

/**
 * The agent must be told its media port before it opens it. One below those that the system hands out by itself
 * (`ip_local_port_range` begins at 32768) is not taken by chance between our look and the agent's.
 */
async function freeMediaPort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    const socket = createSocket('udp4').bind(port);
    const isFree = await once(socket, 'listening').then(
      () => true,
      () => false,
    );
    socket.close();
    if (isFree) return port;
  }
}

/** An X server's socket and lock show which numbers are taken; processes that test at the same time look at others. */
function freeDisplay(): string {
  for (;;) {
    displays += 1;
    const number = 1_000 + ((process.pid * 50 + displays) % 50_000);
    if (!existsSync(`/tmp/.X${number}-lock`) && !existsSync(`/tmp/.X11-unix/X${number}`)) return `:${number}`;
  }
}
