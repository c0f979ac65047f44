import { UserError } from '@vdi/api';
import { describe, expect, it } from 'vitest';
import { readConfig } from './config.ts';

const local = { VDI_PUBLIC_URL: 'https://vdi.example.com', VDI_LOCAL_ACCOUNTS: 'true' };
const external = {
  VDI_PUBLIC_URL: 'https://vdi.example.com',
  VDI_OIDC_ISSUER: 'https://login.example.com/realms/staff',
  VDI_OIDC_CLIENT_ID: 'vdi',
  VDI_OIDC_CLIENT_SECRET_FILE: '/run/secrets/oidc/client-secret',
};

const read = (values: Readonly<Record<string, string | undefined>>) => readConfig(values, '/opt/vdi');

describe('the configuration of the gateway', () => {
  it('needs no more than its address and who says who people are', () => {
    expect(read(local)).toEqual({
      namespace: 'vdi-system',
      sessionNamespaces: ['vdi-sessions', 'vdi'],
      publicUrl: new URL('https://vdi.example.com'),
      listen: { host: '0.0.0.0', web: 8080, verify: 8082, ops: 8081 },
      trustedProxies: [],
      identity: { kind: 'embedded', accountsSecret: 'vdi-accounts', firstPasswordsSecret: 'vdi-first-passwords' },
      roleGroups: { admins: ['vdi-admins'], operators: ['vdi-operators'] },
      keysSecret: 'vdi-gateway-keys',
      ticketKeysConfigMap: 'vdi-ticket-keys',
      auditFile: '-',
      dashboardDirectory: '/opt/vdi/dashboard',
      logLevel: 'info',
    });
  });

  it('takes an OpenID provider, whose client is the audience unless another one is named', () => {
    expect(read(external).identity).toEqual({
      kind: 'external',
      issuer: new URL('https://login.example.com/realms/staff'),
      clientId: 'vdi',
      clientSecretFile: '/run/secrets/oidc/client-secret',
      claims: { user: 'email', groups: 'groups' },
      idTokenAlgorithm: 'RS256',
      audience: 'vdi',
      caFile: undefined,
    });
    expect(read({ ...external, VDI_OIDC_AUDIENCE: 'api' }).identity).toMatchObject({ audience: 'api' });
  });

  it('reads lists, and takes what is empty for left out', () => {
    const { sessionNamespaces, roleGroups, trustedProxies, namespace } = read({
      ...local,
      VDI_SESSION_NAMESPACES: 'desks, labs',
      VDI_ADMIN_GROUPS: 'it',
      VDI_TRUSTED_PROXIES: '10.42.0.0/16,fd00::/8,192.0.2.1',
      VDI_NAMESPACE: '',
    });
    expect(sessionNamespaces).toEqual(['desks', 'labs']);
    expect(roleGroups.admins).toEqual(['it']);
    expect(trustedProxies).toEqual(['10.42.0.0/16', 'fd00::/8', '192.0.2.1']);
    expect(namespace).toBe('vdi-system');
  });

  it('lets this machine try it over plain http', () => {
    expect(read({ ...local, VDI_PUBLIC_URL: 'http://localhost:9000/' }).publicUrl.port).toBe('9000');
  });

  it.each<[Readonly<Record<string, string | undefined>>, string, RegExp]>([
    [{ ...local, VDI_PUBLIC_URL: undefined }, 'VDI_PUBLIC_URL', /not set.*https:\/\/vdi\.example\.com/],
    [{ ...local, VDI_PUBLIC_URL: 'vdi.example.com' }, 'VDI_PUBLIC_URL', /no web address/],
    [{ ...local, VDI_PUBLIC_URL: 'https://example.com/vdi' }, 'VDI_PUBLIC_URL', /Write https:\/\/example\.com:/],
    [{ ...local, VDI_PUBLIC_URL: 'https://user@example.com/' }, 'VDI_PUBLIC_URL', /more than a host/],
    [{ ...local, VDI_PUBLIC_URL: 'http://vdi.example.com' }, 'VDI_PUBLIC_URL', /plain http.*https:\/\/vdi\.example/],
    [{ ...local, VDI_PUBLIC_URL: 'https://192.0.2.1' }, 'VDI_PUBLIC_URL', /no subdomains/],
    [{ ...local, VDI_PUBLIC_URL: 'https://[2001:db8::1]:8443' }, 'VDI_PUBLIC_URL', /no subdomains/],
    [{ ...local, VDI_LISTEN_PORT: '99999' }, 'VDI_LISTEN_PORT', /no port/],
    [{ ...local, VDI_VERIFY_PORT: '8080' }, 'VDI_VERIFY_PORT', /two of them are the same/],
    [{ ...local, VDI_LOG_LEVEL: 'loud' }, 'VDI_LOG_LEVEL', /debug, info/],
    [{ ...local, VDI_SESSION_NAMESPACES: 'a,,b' }, 'VDI_SESSION_NAMESPACES', /empty item/],
    [{ ...local, VDI_TRUSTED_PROXIES: '10.0.0.0/33' }, 'VDI_TRUSTED_PROXIES', /10\.0\.0\.0\/33/],
    [{ ...local, VDI_TRUSTED_PROXIES: 'traefik' }, 'VDI_TRUSTED_PROXIES', /neither an IP/],
    [{ ...local, VDI_LOCAL_ACCOUNTS: 'yes' }, 'VDI_LOCAL_ACCOUNTS', /true, false/],
    [{ ...external, ...local }, 'VDI_OIDC_ISSUER and VDI_LOCAL_ACCOUNTS', /both are set/],
    [{ VDI_PUBLIC_URL: local.VDI_PUBLIC_URL }, 'VDI_OIDC_ISSUER and VDI_LOCAL_ACCOUNTS', /neither is set/],
    [{ ...external, VDI_OIDC_ISSUER: 'login' }, 'VDI_OIDC_ISSUER', /no web address/],
    [{ ...external, VDI_OIDC_ISSUER: 'http://login.example.com' }, 'VDI_OIDC_ISSUER', /not https/],
    [{ ...external, VDI_OIDC_CLIENT_ID: '' }, 'VDI_OIDC_CLIENT_ID', /not set/],
    [{ ...external, VDI_OIDC_CLIENT_SECRET_FILE: '' }, 'VDI_OIDC_CLIENT_SECRET_FILE', /path of a file/],
    [{ ...external, VDI_OIDC_ID_TOKEN_ALGORITHM: 'none' }, 'VDI_OIDC_ID_TOKEN_ALGORITHM', /ES256/],
    [{ ...external, VDI_OIDC_ID_TOKEN_ALGORITHM: 'HS256' }, 'VDI_OIDC_ID_TOKEN_ALGORITHM', /RS256/],
  ])('says what is wrong and what to do: %j', (values, name, why) => {
    expect(() => read(values)).toThrow(UserError);
    expect(() => read(values)).toThrow(name);
    expect(() => read(values)).toThrow(why);
  });
});
