import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { requestHeaders, responseHeaders } from './forwarded-headers.ts';
import type { ProxyTarget } from './proxy-request.ts';
import type { Refusal } from './refusals.ts';
import { openUpstream, refusalOf } from './upstream-request.ts';

const keepAliveMs = 30_000;

/**
 * Passes a WebSocket through as bytes: subprotocol, extensions, frames and close codes are the desktop's own (RFC 6455).
 * Resolves when both ends are closed.
 *
 * @returns why there is no connection, as long as nothing has been sent
 */
export async function proxyUpgrade(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  target: ProxyTarget,
): Promise<Refusal | undefined> {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  socket.on('error', () => socket.destroy());
  const upstream = openUpstream({
    endpoint: target.endpoint,
    method: 'GET',
    target: request.url ?? '/',
    headers: [...requestHeaders(request, target.passage), ['Connection', 'Upgrade'], ['Upgrade', 'websocket']],
    limits: target.limits,
    signal: AbortSignal.any([target.signal, gone.signal]),
  });
  const answered = Promise.withResolvers<{ answer: IncomingMessage; other?: Duplex; rest?: Buffer }>();
  upstream.once('upgrade', (answer, other, rest) => answered.resolve({ answer, other, rest }));
  upstream.once('response', (answer) => answered.resolve({ answer }));
  upstream.on('error', answered.reject);
  upstream.end();
  try {
    const { answer, other, rest } = await answered.promise;
    if (other === undefined) await refuse(answer, socket);
    else await join({ answer, other, rest: rest ?? Buffer.alloc(0), socket, head, signal: target.signal });
    return undefined;
  } catch (error) {
    if (!socket.destroyed && !target.signal.aborted) return refusalOf(error);
    socket.destroy();
    return undefined;
  }
}

/** The desktop does not want this WebSocket: its answer is the browser's. */
async function refuse(answer: IncomingMessage, socket: Duplex): Promise<void> {
  const headers = responseHeaders(answer).filter(([name]) => name.toLowerCase() !== 'content-length');
  socket.write(headText(answer.statusCode ?? 502, [...headers, ['Connection', 'close']]));
  answer.pipe(socket);
  await closed(socket);
}

async function join(ends: {
  readonly answer: IncomingMessage;
  readonly other: Duplex;
  readonly rest: Buffer;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { answer, other, rest, socket, head, signal } = ends;
  for (const end of [socket, other]) {
    if (end instanceof Socket) end.setNoDelay(true).setKeepAlive(true, keepAliveMs).setTimeout(0);
  }
  const end = (): void => {
    socket.destroy();
    other.destroy();
  };
  other.on('error', end);
  other.once('close', end);
  socket.once('close', end);
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  const switching = responseHeaders(answer).filter(([name]) => /^sec-websocket-/i.test(name));
  socket.write(headText(101, [...switching, ['Connection', 'Upgrade'], ['Upgrade', 'websocket']]));
  socket.write(rest);
  other.write(head);
  other.pipe(socket);
  socket.pipe(other);
  await Promise.all([closed(socket), closed(other)]);
  signal.removeEventListener('abort', end);
}

function headText(status: number, headers: readonly (readonly [name: string, value: string])[]): string {
  const lines = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines}\r\n`;
}

async function closed(stream: Duplex): Promise<void> {
  if (stream.closed) return;
  const closing = Promise.withResolvers<void>();
  stream.once('close', () => closing.resolve());
  await closing.promise;
}
