import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { vdiSession, type VDISession } from '@vdi/api';
import { isNotFound, resourceOf } from '@vdi/kube';
import { eventually, launchBrowser, type Standalone, startStandalone } from '@vdi/testing/desktops';
import type { Browser } from 'playwright-core';
import { programOf, withDescendants } from '../process-usage.ts';

const namespace = 'vdi-sessions';
const sessions = resourceOf<VDISession>(vdiSession);
/** A desktop that does not end by then is a fault worth reading about, not waiting for. */
const endWithinMs = 60_000;

/** The whole product on this machine, and a browser to use it with. */
export interface BenchStand extends AsyncDisposable {
  readonly standalone: Standalone;
  readonly browser: Browser;
  /** Ends waiting of every kind; then everything is taken down in good order. */
  readonly signal: AbortSignal;
}

/** Processes of the one desktop there is, as this machine numbers them. */
export interface DisplayProcesses {
  /** The agent and what it starts, the X server aside. */
  readonly agent: readonly number[];
  readonly xServer: number;
}

/** @throws Error when it does not start, or when `signal` ends it */
export async function openBenchStand(signal: AbortSignal): Promise<BenchStand> {
  await using opened = new AsyncDisposableStack();
  const standalone = opened.use(await startStandalone({ signal, isDetached: true }));
  // Desktops are deleted first: so their memory and mounts are given back while there is somebody to do it.
  opened.defer(() => endAllSessions(standalone));
  const browser = opened.use(await launchBrowser({ isSignalled: false }));
  const close = (): void => void browser.close();
  signal.addEventListener('abort', close, { once: true });
  signal.throwIfAborted();
  const resources = opened.move();
  return {
    standalone,
    browser,
    signal,
    async [Symbol.asyncDispose]() {
      signal.removeEventListener('abort', close);
      await resources.disposeAsync();
    },
  };
}

/** The only session there is. @throws Error when there are none or several */
export async function onlySession({ standalone }: BenchStand): Promise<VDISession> {
  const { items } = await standalone.kube.list(sessions, { namespace });
  const [session] = items;
  if (session === undefined || items.length > 1)
    throw new Error(`There are ${items.length} desktops where one was started.`);
  return session;
}

/** Ends every desktop and waits until nothing of it runs. @throws Error when that takes longer than a minute */
export async function endAllSessions(standalone: Standalone): Promise<void> {
  const { kube } = standalone;
  for (const { metadata } of (await kube.list(sessions, { namespace })).items) {
    await kube.delete(sessions, { namespace, name: metadata.name }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
  await eventually(
    async () => (await kube.list(sessions, { namespace })).items.length + (await standalone.containers()).length,
    (left) => left === 0,
    { withinMs: endWithinMs, what: 'The end of all desktops' },
  );
}

/** Where the X server of the only desktop listens, as seen from this machine. */
export function xSocketOf({ standalone }: BenchStand): string {
  const pods = join(standalone.stateDirectory, 'pods');
  const sockets = readdirSync(pods)
    .map((pod) => join(pods, pod, 'empty/x11/X0'))
    .filter((socket) => existsSync(socket));
  const [socket] = sockets;
  if (socket === undefined || sockets.length > 1)
    throw new Error(`There are ${sockets.length} X servers where one was started.`);
  return socket;
}

export async function displayProcesses({ standalone }: BenchStand): Promise<DisplayProcesses> {
  const display = (await standalone.containers()).find(({ name }) => name.startsWith('vdi_display_'));
  if (display === undefined) throw new Error('The container of the display does not run.');
  const all = withDescendants(display.pid);
  const xServer = all.find((pid) => programOf(pid) === 'Xvfb');
  if (xServer === undefined) throw new Error('No X server runs in the container of the display.');
  return { agent: all.filter((pid) => pid !== xServer), xServer };
}
