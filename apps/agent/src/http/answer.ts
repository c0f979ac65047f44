import type { ServerResponse } from 'node:http';

/** An HTTP answer, before it is written. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** On every answer: the page may load only what is its own, and nobody may frame it or learn where it was opened. */
const securityHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/** A sentence for people, and the status for programs. Never cached. */
export function textAnswer(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  const type = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' };
  return { status, headers: { ...type, ...headers }, body: `${text}\n` };
}

export function jsonAnswer(value: unknown): Answer {
  const headers = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' };
  return { status: 200, headers, body: `${JSON.stringify(value)}\n` };
}

export function writeAnswer(response: ServerResponse, answer: Answer, options: { readonly isHead: boolean }): void {
  const body = answer.body ?? '';
  response.writeHead(answer.status, {
    ...securityHeaders,
    ...answer.headers,
    'Content-Length': String(Buffer.byteLength(body)),
  });
  response.end(options.isHead ? undefined : body);
}
