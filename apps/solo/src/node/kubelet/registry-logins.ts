import type { Pod } from '@vdi/kube';
import type { AuthConfig } from 'dockerode';
import type { DataLookup } from '../pod/container-env.ts';

/** Who we are to registries. */
export interface RegistryLogins {
  for(image: string): AuthConfig | undefined;
}

interface DockerConfig {
  readonly auths?: Readonly<
    Record<string, { readonly auth?: string; readonly username?: string; readonly password?: string }>
  >;
}

const defaultRegistry = 'docker.io';

/** The logins in the `imagePullSecrets` of a Pod (type kubernetes.io/dockerconfigjson). Missing secrets are passed over. */
export function registryLogins(pod: Pod, data: DataLookup): RegistryLogins {
  const logins = new Map<string, AuthConfig>();
  for (const { name = '' } of pod.spec.imagePullSecrets ?? []) {
    const content = data.secret(`${pod.metadata.namespace}/${name}`)?.['.dockerconfigjson'];
    if (content === undefined) continue;
    for (const [address, login] of Object.entries(parse(content).auths ?? {})) {
      const [username = '', password = ''] =
        login.auth === undefined
          ? [login.username, login.password]
          : Buffer.from(login.auth, 'base64').toString().split(/:(.*)/s);
      logins.set(hostOf(address), { username, password, serveraddress: address });
    }
  }
  return { for: (image) => logins.get(registryOf(image)) };
}

function parse(content: Buffer): DockerConfig {
  try {
    return JSON.parse(content.toString()) as DockerConfig;
  } catch {
    // A damaged secret is no login; the registry's refusal is then what the Pod shows.
    return {};
  }
}

/** The first part of a name is a registry if it looks like a host (distribution reference grammar). */
function registryOf(image: string): string {
  const [first = ''] = image.split('/', 1);
  const isHost = image.includes('/') && (/[.:]/.test(first) || first === 'localhost');
  return isHost ? first : defaultRegistry;
}

function hostOf(address: string): string {
  const host = address.replace(/^https?:\/\//, '').split('/', 1)[0] ?? '';
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? defaultRegistry : host;
}
