import type { Engine } from './engine.ts';

export interface NetworkWish {
  readonly name: string;
  /** Name of the bridge on this machine. */
  readonly bridge: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Have Podman keep other such networks out. Its rules cost every start of a Pod a twentieth of a second. */
  readonly isIsolatedByEngine: boolean;
}

/**
 * Makes a bridge network. Docker separates bridges by itself; Podman does when asked through its own API, which alone can
 * also name the bridge (its Docker API drops both options).
 */
export async function createNetwork({ docker, flavour }: Engine, wish: NetworkWish): Promise<void> {
  const { name, bridge, labels, isIsolatedByEngine } = wish;
  if (flavour === 'docker') {
    const Options = { 'com.docker.network.bridge.name': bridge };
    await docker.createNetwork({ Name: name, Driver: 'bridge', CheckDuplicate: true, Labels: { ...labels }, Options });
    return;
  }
  await new Promise<void>((resolve, reject) => {
    docker.modem.dial(
      {
        path: '/v4.0.0/libpod/networks/create',
        method: 'POST',
        options: {
          _body: {
            name,
            driver: 'bridge',
            network_interface: bridge,
            labels,
            dns_enabled: false,
            options: isIsolatedByEngine ? { isolate: 'true' } : {},
          },
        },
        statusCodes: { 200: true, 409: 'already exists', 500: 'server error' },
      },
      (error: unknown) => (error === null || error === undefined ? resolve() : reject(error)),
    );
  });
}
