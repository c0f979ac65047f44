import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createKubeClient, fetchFromKubeconfig, fetchInCluster } from './index.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vdi-kubeconfig-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function kubeconfig(cluster: object, user: object, currentContext = 'main'): string {
  const path = join(folder, 'kubeconfig');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'main', context: { cluster: 'c', user: 'u', namespace: 'desktops' } }],
    'current-context': currentContext,
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}

describe('a connection made from a kubeconfig', () => {
  it('bears the token and knows server and namespace', async () => {
    const seen: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization);
      response.end('{"major":"1","minor":"35","gitVersion":"v1.35.0"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const path = kubeconfig({ server: `${url}/`, 'insecure-skip-tls-verify': true }, { token: 'secret' });
      await using connection = await fetchFromKubeconfig(path);
      expect(connection).toMatchObject({ baseUrl: url, namespace: 'desktops' });
      expect((await createKubeClient(connection).serverVersion()).minor).toBe('35');
      expect(seen).toEqual(['Bearer secret']);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it.each([
    ['a file that is not there', () => join(folder, 'none'), /could not be read: ENOENT/],
    [
      'a context that is not there',
      () => kubeconfig({ server: 'https://a' }, {}, 'other'),
      /names no current cluster.*"other".*kubectl config use-context/,
    ],
  ])('says what is wrong with %s', async (_what, path, message) => {
    await expect(fetchFromKubeconfig(path())).rejects.toThrow(message);
  });

  it('says that SOCKS proxies are not supported, instead of going around them', async () => {
    const path = kubeconfig({ server: 'https://127.0.0.1:1', 'proxy-url': 'socks5://127.0.0.1:2' }, { token: 'x' });
    await using connection = await fetchFromKubeconfig(path);
    await expect(createKubeClient(connection).serverVersion()).rejects.toThrow(/SOCKS proxy.*not supported/);
  });
});

describe('a connection from inside a pod', () => {
  it('says that this process is in no pod', async () => {
    await expect(fetchInCluster()).rejects.toThrow(/does not run in a pod.*kubeconfig/);
  });
});
