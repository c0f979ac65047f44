import { markup, type Page, sendPage } from '@vdi/identity';
import { listenForBrowsers, type WebHandler, type WebListener } from '../http/web-listener.ts';
import type { Part } from '../part.ts';
import { recordThisProcess } from '../state/process-record.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface WebNeeds {
  readonly state: StateDirectory;
  readonly port: number;
}

interface WebProvides {
  readonly web: WebListener;
  /** The address that people open. */
  readonly url: string;
}

const startingPage: Page = {
  title: 'Starting',
  body: markup`<p>Desktops are being made ready on this machine. The terminal says what is going on; this page goes on by itself.</p>`,
  status: 503,
  refreshSeconds: 2,
  headers: { 'retry-after': '2' },
};

const starting: WebHandler = {
  handle: (_request, response) => sendPage(response, startingPage),
  upgrade: (_request, socket) => void socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n'),
};

/** The port of dashboard and sessions, taken early: sessions' addresses contain it. */
export const webPart: Part<WebNeeds, WebProvides> = {
  name: 'the web listener',
  async start({ state, port }, owned) {
    const web = owned.use(await listenForBrowsers(port, starting));
    const url = `http://localhost:${web.port}`;
    recordThisProcess(state, { url });
    return { web, url };
  },
};
