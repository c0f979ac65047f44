import { once } from 'node:events';
import { createServer } from 'node:net';
import { call, lastLines } from '@vdi/testing/desktops';
import type Docker from 'dockerode';
import { type ChartObject, one } from '../../chart/chart-object.ts';
import { podEnvironment } from '../../chart/pod-environment.ts';

/** A container of a Deployment, run as the chart says but in the network of this machine. */
export interface RunningDeployment extends AsyncDisposable {
  readonly container: Docker.Container;
  /** On 127.0.0.1, by the names of the container's ports. */
  readonly ports: Readonly<Record<string, number>>;
  /** What the kubelet's readiness probe gets; status 0 while nobody listens. */
  readiness(): Promise<{ readonly status: number; readonly body: string }>;
  logs(): Promise<string>;
}

/** In the order of the Deployment's `ports`, the variables that move them. */
export type PortVariables = Readonly<Record<string, string>>;

export async function runDeployment(
  docker: Docker,
  objects: readonly ChartObject[],
  options: {
    readonly name: string;
    readonly portVariables: PortVariables;
    readonly serviceAccountFolder: string;
    readonly apiPort: number;
  },
): Promise<RunningDeployment> {
  const { name, portVariables, serviceAccountFolder, apiPort } = options;
  const [spec] = one(objects, 'Deployment', name).spec.template.spec.containers;
  if (spec === undefined) throw new Error(`Deployment ${name} has no container`);
  const ports = await freePorts(Object.keys(portVariables));
  const environment = {
    ...podEnvironment(objects, name),
    ...Object.fromEntries(Object.entries(portVariables).map(([port, variable]) => [variable, String(ports[port])])),
    VDI_LISTEN_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_HOST: '127.0.0.1',
    KUBERNETES_SERVICE_PORT: String(apiPort),
  };
  const container = await docker.createContainer({
    Image: spec.image,
    Entrypoint: [...(spec.command ?? [])],
    Env: Object.entries(environment).map(([variable, value]) => `${variable}=${value}`),
    User: '1000:1000',
    HostConfig: {
      NetworkMode: 'host',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      Tmpfs: { '/tmp': 'rw,mode=1777,size=64m' },
      Binds: [`${serviceAccountFolder}:/var/run/secrets/kubernetes.io/serviceaccount:ro`],
    },
  });
  const logs = async (): Promise<string> => textOf(await container.logs({ stdout: true, stderr: true, follow: false }));
  const witness = call({ name: `container of ${name}`, testify: async () => lastLines(await logs()) });
  await container.start();
  return {
    container,
    ports,
    logs,
    async readiness() {
      try {
        const response = await fetch(`http://127.0.0.1:${ports['ops']}/readyz`);
        return { status: response.status, body: await response.text() };
      } catch (error) {
        // Refused, until it listens.
        return { status: 0, body: String(error) };
      }
    },
    async [Symbol.asyncDispose]() {
      witness[Symbol.dispose]();
      await container.remove({ force: true, v: true });
    },
  };
}

/** All held at once, so that they differ. */
async function freePorts(names: readonly string[]): Promise<Readonly<Record<string, number>>> {
  const held = await Promise.all(
    names.map(async (name) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const address = server.address();
      return { name, server, port: typeof address === 'object' && address !== null ? address.port : 0 };
    }),
  );
  await Promise.all(held.map(({ server }) => new Promise((resolve) => server.close(resolve))));
  return Object.fromEntries(held.map(({ name, port }) => [name, port]));
}

/** Output of a container without a terminal comes in frames: which stream, three zeros, the length, the content. */
function textOf(frames: Buffer): string {
  let text = '';
  for (let at = 0; at + 8 <= frames.length;) {
    const length = frames.readUInt32BE(at + 4);
    text += frames.toString('utf8', at + 8, at + 8 + length);
    at += 8 + length;
  }
  return text;
}
