import { createClient, type Callback, type Extensions, type XClient } from 'x11';
import type { Logger } from '@vdi/telemetry';

/** A connection to the X server. Requests on one connection are carried out in order; on two they are not. */
export interface XConnection extends AsyncDisposable {
  readonly client: XClient;
  readonly root: number;
  /** Loads an extension. @throws Error when the server lacks it */
  extension<Name extends keyof Extensions>(name: Name): Promise<Extensions[Name]>;
  /** Turns a request with a reply into a promise. */
  reply<Result>(request: (callback: Callback<Result>) => void): Promise<Result>;
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

function reply<Result>(request: (callback: Callback<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => {
    request((error, result) => {
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
