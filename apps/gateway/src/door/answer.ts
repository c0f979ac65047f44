import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { STATUS_CODES } from 'node:http';

/** An answer of the door itself, before it is written to a response, to the socket of an upgrade, or to `/verify`. */
export interface DoorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** On every answer of the door: nothing is loaded, framed, cached or told to the next page. */
const securityHeaders: Readonly<Record<string, string>> = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

/** An answer with the security headers; `headers` may sharpen them. */
export function answer(status: number, headers: Readonly<Record<string, string>> = {}, body = ''): DoorAnswer {
  return { status, headers: { ...securityHeaders, ...headers }, body };
}

/** Sends the browser on with GET, whatever it came with. */
export function redirect(location: string, headers: Readonly<Record<string, string>> = {}): DoorAnswer {
  return answer(303, { ...headers, Location: location });
}

/** `response` gets nothing when its headers were sent already: then the connection ends instead. */
export function writeAnswer(response: ServerResponse, { status, headers, body }: DoorAnswer, isHead: boolean): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, { ...headers, 'Content-Length': String(Buffer.byteLength(body)) });
  response.end(isHead ? undefined : body);
}

/** The refusal of an upgrade; the connection ends with it. */
export function writeRefusal(socket: Duplex, { status, headers, body }: DoorAnswer): void {
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const lines = Object.entries({ ...headers, 'Content-Length': String(Buffer.byteLength(body)), Connection: 'close' });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${head}\r\n${body}`);
}
