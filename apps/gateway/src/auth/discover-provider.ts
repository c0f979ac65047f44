import type { Clock } from '@vdi/controller';
import type { OidcLogin } from '@vdi/identity';
import type { Logger } from '@vdi/telemetry';

const retryMs = 5_000;

export interface ProviderDiscovery extends Disposable {
  /** Resolves when the provider has told its configuration for the first time. */
  readonly discovered: Promise<void>;
}

/** Asks the provider for its configuration until it has answered, so that the first person to sign in need not wait. */
export function discoverProvider(login: OidcLogin, clock: Clock, log: Logger): ProviderDiscovery {
  const discovered = Promise.withResolvers<void>();
  let isStopped = false;
  let cancel = (): void => undefined;
  const attempt = async (): Promise<void> => {
    try {
      const { issuer } = await login.discover();
      log.info({ issuer }, 'Discovered the OpenID provider');
      discovered.resolve();
    } catch (error) {
      if (isStopped) return;
      log.error({ err: error }, 'Could not discover the OpenID provider; trying again');
      cancel = clock.after(retryMs, () => void attempt());
    }
  };
  void attempt();
  return {
    discovered: discovered.promise,
    [Symbol.dispose]() {
      isStopped = true;
      cancel();
    },
  };
}
