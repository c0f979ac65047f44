import { createClient, type Callback, type Extensions, type XClient } from 'x11';
import type { Logger } from '@vdi/telemetry';

/** A connection to the X server. Requests on one connection are carried out in order; on two they are not. */
export interface XConnection extends AsyncDisposable {
  readonly client: XClient;
  readonly root: number;
  /** Loads an extension. @throws Error when the server lacks it */
  extension<Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]>;
  /** Turns a request with a reply into a promise. @throws Error when the server refuses, or when the connection ends first */
  reply<Result>(request: (callback: Callback<Result>) => void): Promise<Result>;
  /** Resolves when the server has carried out everything requested so far, or when it is gone. */
  settled(): Promise<void>;
}

/**
 * Connects over the Unix socket of `display` (`:0`).
 * @param display as in the environment variable DISPLAY
 * @throws Error when nobody answers there
 */
export async function openXConnection(display: string, log: Logger): Promise<XConnection> {
  const client = await connect(display, log);
  const root = client.display.screen[0]?.root;
  if (root === undefined) throw new Error(`The X server ${display} has no screen.`);
  const reply = replier(client, display);
  return {
    client,
    root,
    extension: async (name) => {
      try {
        return await reply((callback) => client.require(name, callback));
      } catch (cause) {
        throw new Error(`The X server ${display} lacks the extension ${name}, which the display needs.`, { cause });
      }
    },
    reply,
    settled: async () => {
      if (!client.stream.destroyed) await reply((callback) => client.GetInputFocus(callback)).catch(() => undefined);
    },
    [Symbol.asyncDispose]: () => close(client),
  };
}

function connect(display: string, log: Logger): Promise<XClient> {
  return new Promise((resolve, reject) => {
    // Buffered requests leave together with the request that awaits a reply, and at the latest before the loop polls.
    const client = createClient({ display, shm: 'off', bufferRequests: true }, (error, opened) => {
      if (error) reject(new Error(`The X server ${display} does not answer.`, { cause: error }));
      else resolve(opened.client);
    });
    // A window may vanish between its event and our question about it: an X error is news, not the end.
    client.on('error', (error) => log.debug({ display, err: error }, 'X server refused a request'));
  });
}

/** Requests of a server that died are never answered; whoever waits for one is told when the connection ends. */
function replier(client: XClient, display: string): XConnection['reply'] {
  const waiting = new Set<(error: Error) => void>();
  const ended = () => new Error(`The connection to the X server ${display} has ended.`);
  client.stream.once('close', () => {
    for (const reject of waiting) reject(ended());
    waiting.clear();
  });
  return (request) =>
    new Promise((resolve, reject) => {
      if (client.stream.destroyed) return reject(ended());
      waiting.add(reject);
      request((error, result) => {
        waiting.delete(reject);
        if (error) reject(error);
        else resolve(result);
        return true;
      });
    });
}

function close(client: XClient): Promise<void> {
  if (client.stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    client.stream.once('close', () => resolve());
    client.terminate();
  });
}
