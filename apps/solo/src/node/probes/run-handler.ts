import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { Container, Handler, HttpGet } from '@vdi/kube';
import type Docker from 'dockerode';
import { engineMessage } from '../engine/engine-error.ts';
import { execInContainer } from '../engine/exec-in-container.ts';
import { resolvePort } from '../pod/pod-ports.ts';

/** Where a handler acts. */
export interface HandlerTarget {
  readonly docker: Docker;
  readonly containerId: string;
  readonly container: Container;
  /** How a TCP port of the Pod is reached from here; undefined when it is not. */
  readonly dial: (port: number) => { readonly host: string; readonly port: number } | undefined;
}

export interface HandlerResult {
  readonly ok: boolean;
  /** What went wrong, for the event; or the first of what the program said. */
  readonly message: string;
}

const longestMessage = 512;

/** Does what a probe or hook says, once. Never throws: that it could not be done is a result. */
export async function runHandler(handler: Handler, target: HandlerTarget, timeoutMs: number): Promise<HandlerResult> {
  try {
    if (handler.exec !== undefined) return await runExec(handler.exec.command ?? [], target, timeoutMs);
    if (handler.httpGet !== undefined) return await httpGet(handler.httpGet, target, timeoutMs);
    if (handler.tcpSocket !== undefined) return await openSocket(handler.tcpSocket, target, timeoutMs);
    return { ok: false, message: 'this node knows exec, httpGet and tcpSocket, and the handler is none of them' };
  } catch (error) {
    return { ok: false, message: engineMessage(error).slice(0, longestMessage) };
  }
}

async function runExec(command: readonly string[], target: HandlerTarget, timeoutMs: number): Promise<HandlerResult> {
  const { exitCode, output } = await execInContainer(target.docker, target.containerId, { command, timeoutMs });
  const said = output.trim().slice(0, longestMessage);
  return { ok: exitCode === 0, message: said || `command exited with ${exitCode}` };
}

function httpGet(action: HttpGet, target: HandlerTarget, timeoutMs: number): Promise<HandlerResult> {
  const { path = '/', scheme = 'HTTP', httpHeaders = [] } = action;
  const address = addressOf(action, target);
  const isTls = scheme === 'HTTPS';
  const options = {
    ...address,
    path: path.startsWith('/') ? path : `/${path}`,
    headers: {
      'user-agent': 'kube-probe/vdi',
      ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name, value])),
    },
    agent: false as const,
    timeout: timeoutMs,
    signal: AbortSignal.timeout(timeoutMs),
    // The kubelet does not check certificates either: a probe asks whether somebody answers.
    ...(isTls ? { rejectUnauthorized: false } : {}),
  };
  return new Promise((resolve) => {
    const request = (isTls ? httpsRequest : httpRequest)(options, (response) => {
      const { statusCode = 0 } = response;
      response.destroy();
      const ok = statusCode >= 200 && statusCode < 400;
      resolve({ ok, message: ok ? '' : `HTTP probe failed with statuscode: ${statusCode}` });
    });
    request.on('error', (error) => resolve({ ok: false, message: `Get "${path}": ${error.message}` }));
    request.end();
  });
}

function openSocket(
  action: NonNullable<Handler['tcpSocket']>,
  target: HandlerTarget,
  timeoutMs: number,
): Promise<HandlerResult> {
  const address = addressOf(action, target);
  return new Promise((resolve) => {
    const socket = connect({ ...address, signal: AbortSignal.timeout(timeoutMs) });
    const end = (result: HandlerResult): void => {
      socket.destroy();
      resolve(result);
    };
    socket.once('connect', () => end({ ok: true, message: '' }));
    socket.once('error', (error) => end({ ok: false, message: `dial: ${error.message}` }));
  });
}

function addressOf(
  { port, host }: { readonly port: number | string; readonly host?: string },
  target: HandlerTarget,
): { readonly host: string; readonly port: number } {
  const number = resolvePort(target.container, port);
  // A probe of another host would make this node a way into networks that the Pod cannot reach itself.
  if (host !== undefined && host !== '') throw new Error('probes of another host are refused; leave out "host"');
  const address = target.dial(number);
  if (address === undefined) throw new Error(`port ${number} cannot be reached from the node`);
  return address;
}
