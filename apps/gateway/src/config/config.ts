import { isIP } from 'node:net';
import type { ClaimNames } from '@vdi/identity';
import { defaultRoleGroups, type RoleGroups } from '../auth/roles-of.ts';
import { Environment, fail } from './environment.ts';

/** What the environment of the gateway's Deployment says. */
export interface GatewayConfig {
  /** Where the gateway itself runs, and keeps its keys. */
  readonly namespace: string;
  readonly sessionNamespaces: readonly string[];
  /** The one address that is believed: neither `Host` nor `X-Forwarded-*` of a request changes what links and cookies are for. */
  readonly publicUrl: URL;
  readonly listen: { readonly host: string; readonly web: number; readonly verify: number; readonly ops: number };
  /** Addresses and CIDR blocks of proxies whose `X-Forwarded-For` names the browser in the audit. */
  readonly trustedProxies: readonly string[];
  readonly identity: IdentityConfig;
  readonly roleGroups: RoleGroups;
  readonly keysSecret: string;
  readonly ticketKeysConfigMap: string;
  /** A path, or `-` for standard output. */
  readonly auditFile: string;
  readonly dashboardDirectory: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

/** Who says who people are: accounts of the gateway's own, or the organisation's OpenID provider. */
type IdentityConfig =
  | { readonly kind: 'embedded'; readonly accountsSecret: string; readonly firstPasswordsSecret: string }
  | {
      readonly kind: 'external';
      readonly issuer: URL;
      readonly clientId: string;
      readonly clientSecretFile: string;
      readonly claims: ClaimNames;
      readonly idTokenAlgorithm: string;
      readonly audience: string;
      readonly caFile: string | undefined;
    };

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA'] as const;

/**
 * @param programDirectory where the program lies, and the dashboard's files beside it
 * @throws UserError naming the variable that is missing or wrong
 */
export function readConfig(
  values: Readonly<Record<string, string | undefined>>,
  programDirectory: string,
): GatewayConfig {
  const environment = new Environment(values);
  return {
    namespace: environment.text('VDI_NAMESPACE') ?? 'vdi-system',
    sessionNamespaces: environment.list('VDI_SESSION_NAMESPACES', ['vdi-sessions', 'vdi']),
    publicUrl: readPublicUrl(environment),
    listen: readListen(environment),
    trustedProxies: readTrustedProxies(environment),
    identity: readIdentity(environment),
    roleGroups: {
      admins: environment.list('VDI_ADMIN_GROUPS', defaultRoleGroups.admins),
      operators: environment.list('VDI_OPERATOR_GROUPS', defaultRoleGroups.operators),
    },
    keysSecret: environment.text('VDI_KEYS_SECRET') ?? 'vdi-gateway-keys',
    ticketKeysConfigMap: environment.text('VDI_TICKET_KEYS_CONFIGMAP') ?? 'vdi-ticket-keys',
    auditFile: environment.text('VDI_AUDIT_FILE') ?? '-',
    dashboardDirectory: environment.text('VDI_DASHBOARD_DIRECTORY') ?? `${programDirectory}/dashboard`,
    logLevel: environment.choice('VDI_LOG_LEVEL', ['debug', 'info', 'warn', 'error'], 'info'),
  };
}

function readListen(environment: Environment): GatewayConfig['listen'] {
  const ports = {
    web: environment.port('VDI_LISTEN_PORT', 8080),
    verify: environment.port('VDI_VERIFY_PORT', 8082),
    ops: environment.port('VDI_OPS_PORT', 8081),
  };
  // On one port with the dashboard, everybody could ask /verify with headers of their own.
  if (new Set(Object.values(ports)).size < 3) {
    fail(
      'VDI_LISTEN_PORT, VDI_VERIFY_PORT and VDI_OPS_PORT',
      'two of them are the same',
      'Give each a port of its own: only some may reach each of them',
    );
  }
  return { host: environment.text('VDI_LISTEN_HOST') ?? '0.0.0.0', ...ports };
}

function readPublicUrl(environment: Environment): URL {
  const name = 'VDI_PUBLIC_URL';
  const example = 'https://vdi.example.com';
  const text = environment.required(name, `the address of the dashboard, such as ${example}`);
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return fail(name, `"${text}" is no web address`, `Write something like ${example}`);
  }
  if (url.href !== `${url.origin}/`) {
    fail(name, `"${text}" has more than a host`, `Write ${url.origin}: sessions are one label below that host`);
  }
  if (isIP(url.hostname.replace(/^\[|\]$/g, '')) !== 0) {
    fail(
      name,
      `"${text}" names an IP address, which has no subdomains for sessions`,
      `Write something like ${example}`,
    );
  }
  const isThisMachine = url.hostname === 'localhost' || url.hostname.endsWith('.localhost');
  if (url.protocol !== 'https:' && !isThisMachine) {
    fail(
      name,
      `"${text}" is plain http, over which browsers keep no sign-in and play no video`,
      `Write https://${url.host}, and let the proxy in front of the gateway end TLS`,
    );
  }
  return url;
}

function readTrustedProxies(environment: Environment): readonly string[] {
  const name = 'VDI_TRUSTED_PROXIES';
  const blocks = environment.list(name, []);
  const wrong = blocks.find((block) => !isBlock(block));
  if (wrong !== undefined) {
    fail(name, `"${wrong}" is neither an IP address nor a CIDR block`, 'Write something like 10.42.0.0/16,fd00::/8');
  }
  return blocks;
}

function isBlock(block: string): boolean {
  const [address = '', prefix, ...rest] = block.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128));
}

function readIdentity(environment: Environment): IdentityConfig {
  const issuer = environment.text('VDI_OIDC_ISSUER');
  const isLocal = environment.isTrue('VDI_LOCAL_ACCOUNTS');
  if (isLocal === (issuer !== undefined)) {
    return fail(
      'VDI_OIDC_ISSUER and VDI_LOCAL_ACCOUNTS',
      isLocal ? 'both are set' : 'neither is set',
      'Set VDI_OIDC_ISSUER to the address of your OpenID provider, or VDI_LOCAL_ACCOUNTS to true for accounts of its own',
    );
  }
  if (issuer === undefined) {
    const accountsSecret = environment.text('VDI_ACCOUNTS_SECRET') ?? 'vdi-accounts';
    return { kind: 'embedded', accountsSecret, firstPasswordsSecret: 'vdi-first-passwords' };
  }
  const clientId = environment.required('VDI_OIDC_CLIENT_ID', 'the id under which the provider knows the gateway');
  return {
    kind: 'external',
    issuer: readIssuer(issuer),
    clientId,
    clientSecretFile: environment.required(
      'VDI_OIDC_CLIENT_SECRET_FILE',
      'the path of a file, mounted from a Secret, with what the provider gave the gateway to prove itself',
    ),
    claims: {
      user: environment.text('VDI_OIDC_USER_CLAIM') ?? 'email',
      groups: environment.text('VDI_OIDC_GROUPS_CLAIM') ?? 'groups',
    },
    idTokenAlgorithm: environment.choice('VDI_OIDC_ID_TOKEN_ALGORITHM', algorithms, 'RS256'),
    audience: environment.text('VDI_OIDC_AUDIENCE') ?? clientId,
    caFile: environment.text('VDI_OIDC_CA_FILE'),
  };
}

function readIssuer(text: string): URL {
  const name = 'VDI_OIDC_ISSUER';
  const url = URL.parse(text);
  if (url === null) return fail(name, `"${text}" is no web address`, 'Write something like https://login.example.com');
  const isThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isThisMachine)) return url;
  return fail(
    name,
    `"${text}" is not https, so that anybody on the way could sign in as anybody`,
    'Use its https address',
  );
}
