import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { latestImage } from '@vdi/solo';
import { call, lastLines } from '@vdi/testing/desktops';
import type Docker from 'dockerode';

const token = 'a-token-for-the-tests-of-images';
const hardened = {
  ReadonlyRootfs: true,
  CapDrop: ['ALL'],
  SecurityOpt: ['no-new-privileges'],
  Tmpfs: { '/tmp': 'rw,mode=1777' },
} as const;

/** A display container and, on demand, desktop containers beside it, locked down as in a session's Pod. */
export interface SessionPair extends AsyncDisposable {
  readonly display: Docker.Container;
  /** Asks the agent with the operator's bearer. */
  ask(path: string): Promise<Response>;
  /** One at a time; all on the same home. */
  startDesktop(): Promise<Docker.Container>;
}

export async function startDisplay(docker: Docker): Promise<SessionPair> {
  await using owned = new AsyncDisposableStack();
  const volumes = await makeVolumes(docker, owned);
  const display = await docker.createContainer({
    Image: latestImage('display'),
    Env: ['VDI_SESSION_UID=session-of-a-test', 'VDI_SECRET_DIR=/run/secret'],
    ExposedPorts: { '8080/tcp': {} },
    HostConfig: {
      ...hardened,
      IpcMode: 'shareable',
      Binds: [`${volumes.x11}:/tmp/.X11-unix`, `${volumes.agent}:/run/vdi`, `${makeSecrets(owned)}:/run/secret:ro`],
      PortBindings: { '8080/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] },
    },
  });
  owned.defer(() => display.remove({ force: true, v: true }));
  owned.use(call({ name: 'display container', testify: () => logOf(display) }));
  await display.start();
  const { NetworkSettings } = await display.inspect();
  const port = NetworkSettings.Ports['8080/tcp']?.[0]?.HostPort ?? '0';
  const kept = owned.move();
  return {
    display,
    ask: (path) => fetch(`http://127.0.0.1:${port}${path}`, { headers: { authorization: `Bearer ${token}` } }),
    async startDesktop() {
      const desktop = await docker.createContainer(besides(display, volumes));
      kept.defer(() => desktop.remove({ force: true, v: true }));
      kept.use(call({ name: 'desktop container', testify: () => logOf(desktop) }));
      await desktop.start();
      return desktop;
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

async function logOf(container: Docker.Container): Promise<string> {
  return lastLines((await container.logs({ stdout: true, stderr: true, follow: false })).toString());
}

type Volumes = Readonly<Record<'x11' | 'agent' | 'runtime' | 'home', string>>;

function besides(display: Docker.Container, volumes: Volumes): Docker.ContainerCreateOptions {
  return {
    Image: latestImage('desktop'),
    Env: ['XDG_RUNTIME_DIR=/run/user/1000'],
    HostConfig: {
      ...hardened,
      NetworkMode: `container:${display.id}`,
      IpcMode: `container:${display.id}`,
      Binds: [`${volumes.x11}:/tmp/.X11-unix`, `${volumes.runtime}:/run/user`, `${volumes.home}:/home/user`],
    },
  };
}

/** Named ones take their owner from the image's directory, as a volume with `fsGroup` has one that may write. */
async function makeVolumes(docker: Docker, owned: AsyncDisposableStack): Promise<Volumes> {
  const prefix = `vdi-image-test-${randomUUID().slice(0, 8)}`;
  const make = async (name: string): Promise<string> => {
    const volume = await docker.createVolume({ Name: `${prefix}-${name}` });
    owned.defer(() => volume.remove());
    return volume.name;
  };
  return {
    x11: await make('x11'),
    agent: await make('agent'),
    runtime: await make('runtime'),
    home: await make('home'),
  };
}

/** What the session's Secret would hold. */
function makeSecrets(owned: AsyncDisposableStack): string {
  const folder = mkdtempSync(join(tmpdir(), 'vdi-image-test-'));
  owned.defer(() => rmSync(folder, { recursive: true }));
  chmodSync(folder, 0o755);
  const key = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' });
  writeFileSync(join(folder, 'ticket-keys.json'), JSON.stringify({ keys: [{ ...key, kid: 'test', alg: 'EdDSA' }] }));
  writeFileSync(join(folder, 'agent-token'), token);
  return folder;
}
