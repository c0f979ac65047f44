import { once } from 'node:events';
import { UserError } from '@vdi/api';
import { markup, type Page, sendPage } from '@vdi/identity';
import { type HttpHandler, type HttpListener, listenHttp } from './http-listener.ts';

/** Well below the 30 seconds that Kubernetes gives a Pod to end. */
const drainMs = 5_000;

const notNowPage: Page = {
  title: 'Not now',
  body: markup`<p>The gateway starts or stops. This page goes on by itself.</p>`,
  status: 503,
  refreshSeconds: 2,
  headers: { 'retry-after': '2' },
};

const notNow: HttpHandler = { handle: (_request, response) => sendPage(response, notNowPage) };

/** Listens on a port of the Pod, for the proxy that ends TLS in front of it. @throws UserError when the port cannot be had */
export async function listenInPod(host: string, port: number): Promise<HttpListener> {
  return await listenHttp({
    otherwise: notNow,
    drainMs,
    async open(server) {
      try {
        server.listen({ host, port });
        await once(server, 'listening');
      } catch (cause) {
        throw new UserError('PortUnusable', {
          what: `The gateway could not listen on ${host}:${port}`,
          why: cause instanceof Error ? cause.message : String(cause),
          whatToDo: 'Choose others with VDI_LISTEN_HOST, VDI_LISTEN_PORT, VDI_VERIFY_PORT and VDI_OPS_PORT',
        });
      }
      return port;
    },
  });
}
