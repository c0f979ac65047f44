import type { RawData, WebSocket } from 'ws';

/**
 * The remote command protocol of Kubernetes over WebSockets (KEP-4006, staging/src/k8s.io/apimachinery/pkg/util/remotecommand):
 * binary messages whose first byte names a channel. v5 can also end a channel; else it is v4.
 */
export const remoteCommandProtocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'] as const;

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4, close: 255 } as const;

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/** What a client sends. */
export interface RemoteCommandListener {
  onStdin(data: Buffer): void;
  onStdinEnd(): void;
  onResize(size: TerminalSize): void;
}

/** How a command ended; `Failure` without an exit code is one that could not be run. */
export type CommandEnd = { readonly exitCode: number } | { readonly failure: string };

/** Calls the listener with what the client of a remote command sends; what is no message of the protocol is passed over. */
export function listenToClient(socket: WebSocket, listener: RemoteCommandListener): void {
  socket.on('message', (message: RawData) => {
    const data = bufferOf(message);
    const [channel] = data;
    if (channel === undefined) return;
    switch (channel) {
      case channels.stdin:
        // Clients begin with an empty message on each channel.
        if (data.length > 1) listener.onStdin(data.subarray(1));
        break;
      case channels.resize: {
        const size = sizeOf(data.subarray(1));
        if (size !== undefined) listener.onResize(size);
        break;
      }
      case channels.close:
        if (data[1] === channels.stdin) listener.onStdinEnd();
        break;
      default:
    }
  });
}

/** Sends what a command printed; resolves when there is room for more. */
export function sendOutput(socket: WebSocket, channel: 'stdout' | 'stderr', data: Buffer): Promise<void> {
  return send(socket, channels[channel], data);
}

/** Says how the command ended, and closes. */
export async function sendEnd(socket: WebSocket, end: CommandEnd): Promise<void> {
  await send(socket, channels.error, Buffer.from(JSON.stringify(statusOf(end))));
  socket.close(1000);
}

/** The `metav1.Status` from which clients take the exit code. */
function statusOf(end: CommandEnd): object {
  if ('failure' in end) {
    return { metadata: {}, status: 'Failure', reason: 'InternalError', message: end.failure, code: 500 };
  }
  if (end.exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit code ${end.exitCode}`,
    details: { causes: [{ reason: 'ExitCode', message: String(end.exitCode) }] },
  };
}

function send(socket: WebSocket, channel: number, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(Buffer.concat([Buffer.of(channel), data]), { binary: true }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

function sizeOf(data: Buffer): TerminalSize | undefined {
  try {
    const { Width, Height } = JSON.parse(data.toString()) as { readonly Width?: unknown; readonly Height?: unknown };
    return isCount(Width) && isCount(Height) ? { columns: Width, rows: Height } : undefined;
  } catch {
    // The empty message that opens the channel, or nonsense: the size stays as it is.
    return undefined;
  }
}

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) && Number(value) > 0 && Number(value) < 65_536;

function bufferOf(message: RawData): Buffer {
  if (Buffer.isBuffer(message)) return message;
  return Array.isArray(message) ? Buffer.concat(message) : Buffer.from(message);
}
