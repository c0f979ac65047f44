import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A TCP port for a program that must be told one before it opens it. Below those that the system hands out by itself
 * (`ip_local_port_range` begins at 32768), so that nobody gets it by chance between this look and the program's, or while
 * the program is started again.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
