import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { UserError } from '@vdi/api';
import { systemClock } from '@vdi/controller';
import { createAccountDirectory } from '@vdi/identity';
import { createKubeClient, fetchInCluster, type KubeClient } from '@vdi/kube';
import { createLogger, createMetrics } from '@vdi/telemetry';
import { type GatewayConfig, readConfig } from './config/config.ts';
import { startGateway } from './gateway.ts';
import { openAccounts } from './kept/first-accounts.ts';
import { type GatewayKeys, openGatewayKeys } from './kept/gateway-keys.ts';
import { keptSecret } from './kept/kept-secret.ts';
import { publishTicketKeys } from './kept/publish-ticket-keys.ts';
import { listenInPod } from './listen/listen-in-pod.ts';
import { opsHandler } from './listen/ops-handler.ts';
import { createReadiness } from './listen/readiness.ts';
import { verifyHandler } from './listen/verify-handler.ts';
import type { IdentitySource } from './server/identity-source.ts';

/** The gateway of a cluster: runs until it is told to stop. */
async function main(config: GatewayConfig): Promise<void> {
  const { namespace, listen, publicUrl } = config;
  const { host } = listen;
  const log = createLogger({ name: 'vdi-gateway', level: config.logLevel });
  const metrics = createMetrics({ process: true });
  const readiness = createReadiness();
  const begun = Promise.withResolvers<void>();
  readiness.awaits('the gateway starts', begun.promise);
  const stopped = new Promise<string>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => resolve(signal));
  });
  await using connection = await fetchInCluster();
  const kube = createKubeClient({ ...connection });
  const serves = Promise.withResolvers<void>();
  // Asked before there is anything else to wait for, it would be ready too early.
  readiness.awaits('the gateway starts', serves.promise);
  await using ops = await listenInPod(host, listen.ops);
  ops.serve(opsHandler({ readiness, metrics }));
  await using web = await listenInPod(host, listen.web);
  await using verify = await listenInPod(host, listen.verify);
  const keys = await openKeys(kube, config);
  using publication = publishTicketKeys({
    kube,
    configMap: { namespace, name: config.ticketKeysConfigMap },
    jwks: keys.ticketKeys.jwks,
    clock: systemClock,
    log,
  });
  await using gateway = await startGateway({
    kube,
    namespaces: config.sessionNamespaces,
    desktopsReachedBy: 'service',
    publicUrl,
    identity: await openIdentitySource(kube, config, keys),
    ticketKeys: keys.ticketKeys,
    cookieKey: keys.cookieKey,
    dashboardDirectory: config.dashboardDirectory,
    auditFile: config.auditFile,
    roleGroups: config.roleGroups,
    trustedProxies: config.trustedProxies,
    clock: systemClock,
    log,
    metrics,
  });
  readiness.awaits('the objects of the cluster are read', gateway.synced);
  readiness.awaits('the OpenID provider answers', gateway.discovered);
  readiness.awaits('the ticket keys are published', publication.published);
  using _verifying = verify.serve(verifyHandler(gateway));
  using _serving = web.serve(gateway);
  serves.resolve();
  begun.resolve();
  log.info({ publicUrl: publicUrl.href, listen }, 'Started');
  log.info({ why: await stopped }, 'Stopping');
  readiness.end();
}

async function openKeys(kube: KubeClient, { namespace, keysSecret }: GatewayConfig): Promise<GatewayKeys> {
  const kept = (field: string) => keptSecret(kube, { namespace, name: keysSecret }, field);
  return await openGatewayKeys({
    ticketKeys: kept('ticket-keys.json'),
    providerKeys: kept('provider-keys.json'),
    cookieKey: kept('cookie-key'),
  });
}

async function openIdentitySource(
  kube: KubeClient,
  { identity, namespace }: GatewayConfig,
  { providerKeys }: GatewayKeys,
): Promise<IdentitySource> {
  if (identity.kind === 'external') {
    if (identity.caFile !== undefined) trustAuthority(readMounted('VDI_OIDC_CA_FILE', identity.caFile));
    const clientSecret = readMounted('VDI_OIDC_CLIENT_SECRET_FILE', identity.clientSecretFile).trim();
    return { ...identity, clientSecret };
  }
  const { accounts } = await openAccounts({
    accounts: keptSecret(kube, { namespace, name: identity.accountsSecret }, 'accounts.json'),
    firstPasswords: keptSecret(kube, { namespace, name: identity.firstPasswordsSecret }, 'first-passwords.txt'),
  });
  return { kind: 'embedded', accounts: await createAccountDirectory(accounts), keys: providerKeys };
}

/** For the provider's certificate; the API server's authority is a matter of its own. */
function trustAuthority(pem: string): void {
  setDefaultCACertificates([...getCACertificates('default'), pem]);
}

function readMounted(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError('MountedFileMissing', {
      what: `The file that ${variable} names could not be read`,
      why: error instanceof Error ? error.message : String(error),
      whatToDo: 'Mount the Secret or ConfigMap that has it, or change the variable',
    });
  }
}

try {
  await main(readConfig(process.env, fileURLToPath(new URL('.', import.meta.url)).replace(/\/$/, '')));
} catch (error) {
  process.stderr.write(`${error instanceof UserError ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
