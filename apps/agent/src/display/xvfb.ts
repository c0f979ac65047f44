import { spawn, type ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Size } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';

/** The X server did not start, or stopped while it was needed. */
class XServerError extends Error {
  override readonly name = 'XServerError';
  readonly code = 'x-server';
}

export interface XServer extends AsyncDisposable {
  /** For DISPLAY: `:0`. */
  readonly display: string;
  readonly pid: number;
  /** Settles when the process has ended without being asked to. */
  readonly failed: Promise<XServerError>;
}

export interface XServerOptions {
  /** Without one the server takes the first that is free. */
  readonly display: string | undefined;
  readonly maximum: Size;
  /** Path or name of the program. */
  readonly program?: string;
  readonly log: Logger;
}

/** Where in the list of the child's file descriptors the server writes its display number. */
const readyDescriptor = 3;
const keptErrorBytes = 4096;
const depth = 24;

/**
 * Starts Xvfb at the largest screen it will ever have (RANDR cannot go beyond it) and resolves when it takes connections.
 * It listens on its Unix socket only; whoever reaches that volume may connect.
 * @throws XServerError with the last words of the server
 */
export async function startXvfb(options: XServerOptions): Promise<XServer> {
  const child = spawn(options.program ?? 'Xvfb', serverArguments(options), {
    stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
  });
  const lastWords = keepLastWords(child);
  let isStopping = false;
  const ended = new Promise<XServerError>((resolve) => {
    child.once('error', (cause) =>
      resolve(new XServerError('Xvfb could not be started. Install the Debian package xvfb.', { cause })),
    );
    child.once('exit', (code, signal) => resolve(new XServerError(describeEnd(code, signal, lastWords()))));
  });
  const readyPipe = child.stdio[readyDescriptor] as Readable;
  const number = (await Promise.race([text(readyPipe), ended.then(() => '')])).trim();
  if (number === '') throw await ended;
  options.log.info({ display: `:${number}`, xServer: child.pid }, 'Started the X server');
  return {
    display: `:${number}`,
    pid: child.pid ?? 0,
    failed: new Promise((resolve) => {
      void ended.then((error) => {
        if (!isStopping) resolve(error);
      });
    }),
    [Symbol.asyncDispose]: async () => {
      isStopping = true;
      child.kill('SIGTERM');
      await ended;
    },
  };
}

function serverArguments({ display, maximum }: XServerOptions): string[] {
  const extensions = ['RANDR', 'RENDER', 'DAMAGE', 'XTEST', 'XFIXES', 'MIT-SHM', 'COMPOSITE', 'GLX'];
  const number = display === undefined ? [] : [display];
  const ready = ['-displayfd', String(readyDescriptor)];
  const screen = ['-screen', '0', `${maximum.width}x${maximum.height}x${depth}`];
  // SECURITY denies looking at a cursor whose program has ended (xsetroot), and protects nothing here: every program is trusted.
  const without = ['-extension', 'SECURITY'];
  const options = [...without, '-nolisten', 'tcp', '-noreset', '-dpi', '96', '-s', '0'];
  return [...number, ...ready, ...screen, ...extensions.flatMap((name) => ['+extension', name]), ...options];
}

function keepLastWords(child: ChildProcess): () => string {
  let words = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
    words = (words + chunk).slice(-keptErrorBytes);
  });
  return () => words.trim();
}

function describeEnd(code: number | null, signal: NodeJS.Signals | null, lastWords: string): string {
  const how = signal === null ? `with code ${code}` : `by signal ${signal}`;
  const words = lastWords === '' ? 'It said nothing.' : `Its last words: ${lastWords}`;
  return `The X server ended ${how}, so there is no screen. ${words}`;
}
