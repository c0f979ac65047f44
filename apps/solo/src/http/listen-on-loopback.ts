import { once } from 'node:events';
import type { Server } from 'node:net';
import { UserError } from '@vdi/api';

/** Listens on 127.0.0.1 and returns the port; 0 takes any free one. `option` is how a person chooses another. */
export async function listenOn(server: Server, port: number, option: '--port' | '--api-port'): Promise<number> {
  try {
    server.listen({ host: '127.0.0.1', port });
    await once(server, 'listening');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES')) {
      throw portUnusable(port, cause.code, option);
    }
    throw cause;
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function portUnusable(port: number, code: 'EADDRINUSE' | 'EACCES', option: string): UserError {
  const isTaken = code === 'EADDRINUSE';
  return new UserError(isTaken ? 'PortTaken' : 'PortForbidden', {
    what: `Port ${port} on 127.0.0.1 could not be opened`,
    why: isTaken ? 'Another program listens there' : 'Ports below 1024 belong to root',
    whatToDo: `Choose another with ${option}, for example: vdi up ${option} ${port < 1024 ? 8443 : port + 1}${isTaken ? `. Who has it: ss -ltnp 'sport = :${port}'` : ''}`,
  });
}
