import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createDrivenClock } from '@vdi/testing';
import Docker from 'dockerode';
import { afterEach, describe, expect, it } from 'vitest';
import { ImageStore } from './image-store.ts';

const noLogins = { for: () => undefined };
const aContainer = { name: 'main', image: 'registry.example/desktop:1' };

let engine: Server | undefined;
afterEach(() => void engine?.close());

/** An engine without any image, whose pulls tell these lines and how often they were asked for. */
async function engineThatPulls(lines: readonly object[]): Promise<{ readonly docker: Docker; pulls: number }> {
  const seen = { pulls: 0 };
  engine = createServer((request, response) => {
    if (request.method === 'GET') {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"message":"no such image"}');
      return;
    }
    seen.pulls += 1;
    response.end(lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  });
  engine.listen(0, '127.0.0.1');
  await once(engine, 'listening');
  const { port } = engine.address() as AddressInfo;
  return Object.assign(seen, { docker: new Docker({ protocol: 'http', host: '127.0.0.1', port }) });
}

describe('the store of images', () => {
  it('says what to do when a pull fills the disk, and does not try again at once', async () => {
    const found = await engineThatPulls([
      { status: 'Pulling' },
      { error: 'writing blob: no space left on device', errorDetail: {} },
    ]);
    const clock = createDrivenClock();
    const store = new ImageStore(found.docker, clock);
    const ensure = async (): Promise<unknown> => await store.ensure(aContainer, noLogins, () => undefined);
    await expect(ensure()).rejects.toMatchObject({
      reason: 'ErrImagePull',
      message: expect.stringContaining('the disk is full: make room') as string,
    });
    await expect(ensure()).rejects.toMatchObject({ reason: 'ImagePullBackOff' });
    expect(found.pulls).toBe(1);
    await clock.advance(10_000);
    await expect(ensure()).rejects.toMatchObject({ reason: 'ErrImagePull' });
    expect(found.pulls).toBe(2);
  });
});
