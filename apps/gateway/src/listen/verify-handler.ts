import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Door } from '../door/door.ts';
import { writeAnswer } from '../door/answer.ts';
import type { HttpHandler } from './http-listener.ts';

/**
 * What Traefik's ForwardAuth asks, on a port of its own: whoever reaches it can claim any host, path and address, so that
 * only Traefik may (NetworkPolicy).
 */
export function verifyHandler(door: Pick<Door, 'verify'>): HttpHandler {
  return {
    handle(request, response) {
      if (request.url?.split('?', 1)[0] === '/verify') void answer(door, request, response);
      else response.writeHead(404, { 'content-type': 'text/plain' }).end('There is /verify, for ForwardAuth.\n');
    },
  };
}

async function answer(door: Pick<Door, 'verify'>, request: IncomingMessage, response: ServerResponse): Promise<void> {
  // Traefik sends no body; one of another asker is of no interest.
  request.resume();
  // Never as HEAD: the browser may get this body as the answer to its own request, whatever method that had.
  writeAnswer(response, await door.verify(request), false);
}
