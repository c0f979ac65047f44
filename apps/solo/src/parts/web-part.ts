import { markup, type Page, sendPage } from '@vdi/identity';
import { type HttpHandler, type HttpListener, listenHttp } from '@vdi/gateway';
import { listenOn } from '../http/listen-on-loopback.ts';
import type { Part } from '../part.ts';
import { recordThisProcess } from '../state/process-record.ts';
import type { StateDirectory } from '../state/state-directory.ts';

interface WebNeeds {
  readonly state: StateDirectory;
  readonly port: number;
}

interface WebProvides {
  readonly web: HttpListener;
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

/** How long answers under way may take when standalone mode stops. */
const drainMs = 500;

const starting: HttpHandler = {
  handle: (_request, response) => sendPage(response, startingPage),
};

/** Plain HTTP on 127.0.0.1, which browsers trust as they trust HTTPS: the port of dashboard and sessions, taken early: sessions' addresses contain it. */
export const webPart: Part<WebNeeds, WebProvides> = {
  name: 'the web listener',
  async start({ state, port }, owned) {
    const web = owned.use(
      await listenHttp({ otherwise: starting, drainMs, open: (server) => listenOn(server, port, '--port') }),
    );
    const url = `http://localhost:${web.port}`;
    recordThisProcess(state, { url });
    return { web, url };
  },
};
