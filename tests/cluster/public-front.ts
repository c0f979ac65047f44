import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { openLocalCertificate } from '@vdi/solo/https';
import { type Browser, chromium } from 'playwright-core';

/** What stands before the gateway in a cluster: it ends TLS, and hands everything else on unchanged. */
export interface PublicFront extends AsyncDisposable {
  readonly port: number;
}

/** @param target the gateway's port on 127.0.0.1 */
export async function startPublicFront(target: number): Promise<PublicFront> {
  await using owned = new AsyncDisposableStack();
  const folder = mkdtempSync(join(tmpdir(), 'vdi-front-'));
  owned.defer(() => rmSync(folder, { recursive: true }));
  const { certificate, privateKey } = await openLocalCertificate(folder);
  const open = new Set<Socket>();
  const server = createServer({ cert: certificate, key: privateKey }, (outside) => {
    const inside = connect(target, '127.0.0.1');
    for (const [socket, other] of [
      [outside, inside],
      [inside, outside],
    ] as const) {
      open.add(socket);
      socket.pipe(other);
      // Either end may vanish at any time; then the other one ends too.
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        open.delete(socket);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  owned.defer(async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of open) socket.destroy();
    await closed;
  });
  const address = server.address();
  const kept = owned.move();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

/** Debian's Chromium, for which a domain and all hosts below it are at that front. */
export async function browserBehind(front: PublicFront, domain: string): Promise<Browser> {
  const rules = [domain, `*.${domain}`].map((host) => `MAP ${host}:443 127.0.0.1:${front.port}`).join(', ');
  return await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--autoplay-policy=no-user-gesture-required',
      '--ignore-certificate-errors',
      `--host-resolver-rules=${rules}`,
    ],
  });
}

/** Where Debian puts it, or where `CHROMIUM` says. */
export function chromiumPath(): string {
  return process.env['CHROMIUM'] ?? '/usr/bin/chromium';
}
