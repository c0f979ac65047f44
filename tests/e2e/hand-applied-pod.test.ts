import { createHash, randomUUID } from 'node:crypto';
import { createTicketSigner, generateTicketKeys } from '@vdi/identity';
import { builtinResources, isNotFound, type KubeClient } from '@vdi/kube';
import { eventually, launchBrowser, pictureOf, startStandalone } from '@vdi/testing/desktops';
import { expect, it } from 'vitest';
import { openTestDoor } from '../agent/test-door.ts';
import { sessionPod } from './session-pod.ts';

const namespace = 'vdi-sessions';
const name = 'by-hand';

it('streams a Pod that was applied by hand, and leaves only its home', async () => {
  await using standalone = await startStandalone();
  const { kube } = standalone;
  const uid = randomUUID();
  const { privateJwk, jwks } = await generateTicketKeys();
  await applyCompanions(kube, { ticketKeys: JSON.stringify(jwks), token: randomUUID() });
  await kube.create(builtinResources.pods, sessionPod({ namespace, name, uid }));
  const pod = await readyPod(kube);

  const agentPort = Number(pod.metadata.annotations?.['vdi.kasm.io/endpoint']?.split(':').at(-1));
  const signer = await createTicketSigner(privateJwk);
  const unticketed = await fetch(`http://127.0.0.1:${agentPort}/`);
  expect(unticketed.status).toBe(401);
  {
    await using door = await openTestDoor({
      agentPort,
      signer,
      session: uid,
      user: 'alice@example.com',
      role: 'owner',
    });
    await using browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1280, height: 720 } });
    await page.goto(door.origin);
    const picture = await eventually(
      () => pictureOf(page),
      ({ width, height, colours }) => width === 1280 && height === 720 && colours > 20,
      { withinMs: 60_000, what: 'A picture of the desktop' },
    );
    expect(picture.width).toBe(1280);
  }

  await kube.delete(builtinResources.pods, { namespace, name });
  await eventually(
    () => kube.get(builtinResources.pods, { namespace, name }).then(() => false, isNotFound),
    (isGone) => isGone,
    { withinMs: 60_000, what: 'The end of the Pod' },
  );
  expect(await standalone.containers()).toEqual([]);
  expect((await kube.get(builtinResources.persistentVolumeClaims, { namespace, name })).metadata.name).toBe(name);
}, 900_000);

async function applyCompanions(
  kube: KubeClient,
  { ticketKeys, token }: { readonly ticketKeys: string; readonly token: string },
): Promise<void> {
  const metadata = { name, namespace };
  await kube.create(builtinResources.secrets, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    stringData: { 'ticket-keys.json': ticketKeys, 'agent-token': token },
  });
  await kube.create(builtinResources.configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata,
    data: {
      passwd: 'root:x:0:0:root:/root:/usr/sbin/nologin\nuser:x:1000:1000:user:/home/user:/bin/bash\n',
      group: 'root:x:0:\nuser:x:1000:\n',
      'machine-id': `${createHash('md5').update(name).digest('hex')}\n`,
    },
  });
  await kube.create(builtinResources.persistentVolumeClaims, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata,
    spec: {
      accessModes: ['ReadWriteOncePod'],
      storageClassName: 'vdi-homes',
      resources: { requests: { storage: '1Gi' } },
    },
  });
}

async function readyPod(kube: KubeClient) {
  return await eventually(
    () => kube.get(builtinResources.pods, { namespace, name }),
    ({ status }) =>
      (status as { conditions?: readonly { type: string; status: string }[] }).conditions?.some(
        (condition) => condition.type === 'Ready' && condition.status === 'True',
      ) === true,
    { withinMs: 60_000, what: 'A ready Pod' },
  );
}
