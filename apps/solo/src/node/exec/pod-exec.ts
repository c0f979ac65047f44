import type { Duplex } from 'node:stream';
import type { PodExecQuery } from '@vdi/apiserver';
import type Docker from 'dockerode';
import type { Exec } from 'dockerode';
import type { WebSocket } from 'ws';
import { engineMessage } from '../engine/engine-error.ts';
import { type EngineFrame, FrameReader } from '../engine/engine-frames.ts';
import { engineLabels } from '../pod/container-labels.ts';
import { type CommandEnd, listenToClient, sendEnd, sendOutput, type TerminalSize } from './remote-command.ts';

/** What of the node's is needed to run programs in containers. */
export interface ExecSource {
  readonly docker: Docker;
  readonly owner: string;
}

/**
 * Answers `kubectl exec`: runs a program in a container and connects it with the client until one of them ends. Never
 * rejects: what goes wrong is told to the client as the end of the command, because a refusal would make kubectl try SPDY.
 */
export async function podExec(source: ExecSource, query: PodExecQuery, socket: WebSocket): Promise<void> {
  // Before anything is awaited: messages that come while nobody listens are lost.
  const input = new ClientInput(socket);
  try {
    const end = await runIn(source, query, { socket, input });
    await sendEnd(socket, end);
  } catch {
    // The client went away; its program is left to itself, as a kubelet leaves it.
    socket.terminate();
  }
}

interface Client {
  readonly socket: WebSocket;
  readonly input: ClientInput;
}

async function runIn(source: ExecSource, query: PodExecQuery, { socket, input }: Client): Promise<CommandEnd> {
  let exec: Exec;
  let stream: Duplex;
  try {
    const containerId = await runningContainer(source, query);
    if (containerId === undefined) return { failure: `container not found ("${query.container}")` };
    exec = await source.docker.getContainer(containerId).exec({
      Cmd: [...query.command],
      AttachStdin: query.stdin,
      AttachStdout: query.stdout,
      AttachStderr: query.stderr,
      Tty: query.tty,
    });
    stream = await exec.start({ hijack: true, stdin: query.stdin, Tty: query.tty });
  } catch (error) {
    return { failure: engineMessage(error) };
  }
  socket.once('close', () => stream.destroy());
  input.connect(stream, (size) => resize(exec, size));
  const reader = new FrameReader();
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    // A terminal has one channel, and no frames.
    const frames: readonly EngineFrame[] = query.tty ? [{ channel: 'stdout', data: chunk }] : reader.read(chunk);
    for (const { channel, data } of frames) await sendOutput(socket, channel, data);
  }
  const { ExitCode } = await exec.inspect();
  return ExitCode === null
    ? { failure: 'the container engine does not know how the command ended' }
    : { exitCode: ExitCode };
}

async function runningContainer({ docker, owner }: ExecSource, query: PodExecQuery): Promise<string | undefined> {
  const label = [
    `${engineLabels.owner}=${owner}`,
    `${engineLabels.podUid}=${query.uid}`,
    `${engineLabels.container}=${query.container}`,
  ];
  const [found] = await docker.listContainers({ filters: { label, status: ['running'] } });
  return found?.Id;
}

async function resize(exec: Exec, { columns, rows }: TerminalSize): Promise<void> {
  try {
    await exec.resize({ h: rows, w: columns });
  } catch {
    // The program has ended, or does not care: neither is worth a word in somebody's terminal.
  }
}

/** What the client sends: kept until the program runs, then handed on as fast as the program takes it. */
class ClientInput {
  readonly #socket: WebSocket;
  readonly #early: Buffer[] = [];
  #hasEnded = false;
  #size: TerminalSize | undefined;
  #stream: Duplex | undefined;
  #onResize: ((size: TerminalSize) => Promise<void>) | undefined;

  constructor(socket: WebSocket) {
    this.#socket = socket;
    listenToClient(socket, {
      onStdin: (data) => this.#write(data),
      onStdinEnd: () => this.#end(),
      onResize: (size) => {
        this.#size = size;
        void this.#onResize?.(size);
      },
    });
  }

  connect(stream: Duplex, onResize: (size: TerminalSize) => Promise<void>): void {
    this.#stream = stream;
    this.#onResize = onResize;
    // An end of the program while something is written to it is its end, and seen as that.
    stream.on('error', () => stream.destroy());
    for (const data of this.#early) this.#write(data);
    this.#early.length = 0;
    if (this.#hasEnded) stream.end();
    if (this.#size !== undefined) void onResize(this.#size);
  }

  #write(data: Buffer): void {
    if (this.#stream === undefined) this.#early.push(data);
    else if (this.#stream.writable && !this.#stream.write(data)) {
      this.#socket.pause();
      this.#stream.once('drain', () => this.#socket.resume());
    }
  }

  #end(): void {
    this.#hasEnded = true;
    this.#stream?.end();
  }
}
