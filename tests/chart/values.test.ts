import { describe, expect, it } from 'vitest';
import { refusalOf, type Values } from './helm.ts';

const domain = 'vdi.example.com';
const local = { domain, localAccounts: { enabled: true } };
const oidc = { issuer: 'https://login.example.com', clientId: 'vdi', clientSecret: { name: 'vdi-oidc' } };

/** Combinations that a schema cannot judge: the sentence says what is wrong and what to do. */
const wrongCombinations: readonly (readonly [what: string, values: Values, says: string])[] = [
  [
    'no domain',
    { localAccounts: { enabled: true } },
    'domain is not set. It is where people open the dashboard, and sessions get hosts below it: --set domain=vdi.example.com',
  ],
  [
    'nobody who could sign in',
    { domain },
    'Nobody could sign in. Set oidc.issuer, oidc.clientId and oidc.clientSecret.name for a provider that you have, or localAccounts.enabled=true to try things out.',
  ],
  [
    'two ways to sign in',
    { ...local, oidc },
    'oidc.issuer and localAccounts.enabled are both set, but people sign in one way: take one of them out.',
  ],
  [
    'a provider without a client',
    { domain, oidc: { issuer: oidc.issuer } },
    'oidc.issuer is set without oidc.clientId. Register a client at the provider with the redirect URI https://<domain>/callback, and set oidc.clientId to its id.',
  ],
  [
    'a client without a secret',
    { domain, oidc: { ...oidc, clientSecret: {} } },
    "oidc.issuer is set without oidc.clientSecret.name. Put the client's secret into a Secret (kubectl create secret generic vdi-oidc -n vdi-system --from-file=client-secret) and set oidc.clientSecret.name=vdi-oidc.",
  ],
  [
    'local accounts without their administrator',
    { ...local, roles: { adminGroups: ['admins'] } },
    'roles.adminGroups does not contain vdi-admins, the group of the administrator among the local accounts: nobody could administer. Add it.',
  ],
  [
    'two certificates',
    { ...local, route: { tls: { secretName: 'a', certResolver: 'b' } } },
    'route.tls.secretName and route.tls.certResolver are both set, but there is one certificate: take one of them out.',
  ],
  [
    'a resolver of Traefik without Traefik',
    { ...local, route: { kind: 'none', tls: { certResolver: 'b' } } },
    "route.tls.certResolver is Traefik's, but route.kind is none. Use route.tls.secretName.",
  ],
  [
    'an Ingress without TLS',
    { ...local, route: { kind: 'ingress' } },
    'route.kind is ingress, but route.tls.secretName is not set.',
  ],
  [
    'no namespace for the dashboard',
    { ...local, sessions: { namespaces: ['students'] } },
    'sessions.namespaces does not contain vdi-sessions, where the dashboard creates sessions. Add it.',
  ],
  [
    'sessions beside the keys',
    { ...local, sessions: { namespaces: ['vdi-sessions', 'vdi-system'] } },
    'sessions.namespaces contains vdi-system, where operator and gateway run with their keys. Give sessions a namespace of their own.',
  ],
];

/** Values that the schema refuses: the message names the value and what is expected. */
const wrongValues: readonly (readonly [what: string, values: Values, path: string, expected: string | RegExp])[] = [
  ['a misspelt name', { domian: domain }, '', `additional properties 'domian' not allowed`],
  [
    'a misspelt name in a section',
    { gateway: { replicas: 2 } },
    '/gateway',
    `additional properties 'replicas' not allowed`,
  ],
  ['a domain with a scheme', { domain: 'https://vdi.example.com' }, '/domain', 'does not match pattern'],
  ['a domain in capitals', { domain: 'VDI.example.com' }, '/domain', 'does not match pattern'],
  ['a wildcard for a domain', { domain: '*.example.com' }, '/domain', 'does not match pattern'],
  ['a port that is none', { publicPort: 70_000 }, '/publicPort', /maximum: got 70,?000, want 65,?535/],
  ['a port that is text', { publicPort: '443' }, '/publicPort', 'got string, want integer'],
  [
    'an issuer without https',
    { oidc: { issuer: 'http://login.example.com' } },
    '/oidc/issuer',
    'does not match pattern',
  ],
  [
    'an algorithm that is none',
    { oidc: { idTokenAlgorithm: 'none' } },
    '/oidc/idTokenAlgorithm',
    `value must be one of 'RS256'`,
  ],
  ['a truth that is text', { localAccounts: { enabled: 'yes' } }, '/localAccounts/enabled', 'got string, want boolean'],
  ['groups in one text', { roles: { adminGroups: 'a,b' } }, '/roles/adminGroups', 'got string, want array'],
  ['no group at all', { roles: { operatorGroups: [] } }, '/roles/operatorGroups', 'minItems: got 0, want 1'],
  ['a group with a comma', { roles: { adminGroups: ['a,b'] } }, '/roles/adminGroups/0', 'does not match pattern'],
  ['a tag that YAML takes for a number', { images: { tag: 1.2 } }, '/images/tag', 'got number, want string'],
  [
    'a digest that is a tag',
    { images: { control: { digest: 'latest' } } },
    '/images/control/digest',
    'does not match pattern',
  ],
  [
    'a repository with a tag',
    { images: { control: { repository: 'a/b:1' } } },
    '/images/control/repository',
    'does not match pattern',
  ],
  [
    'a pull policy of another spelling',
    { images: { pullPolicy: 'always' } },
    '/images/pullPolicy',
    `value must be one of 'Always', 'IfNotPresent', 'Never'`,
  ],
  ['no namespace for sessions', { sessions: { namespaces: [] } }, '/sessions/namespaces', 'minItems: got 0, want 1'],
  [
    'the same namespace twice',
    { sessions: { namespaces: ['a', 'a'] } },
    '/sessions/namespaces',
    'items at 0 and 1 are equal',
  ],
  [
    'a namespace with a capital',
    { sessions: { namespaces: ['Sessions'] } },
    '/sessions/namespaces/0',
    'does not match pattern',
  ],
  [
    'Pods that may do everything',
    { sessions: { podSecurity: 'privileged' } },
    '/sessions/podSecurity',
    `value must be one of 'restricted', 'baseline'`,
  ],
  [
    'a quota below nothing',
    { sessions: { defaultQuota: { sessions: -1 } } },
    '/sessions/defaultQuota/sessions',
    'minimum: got -1, want 0',
  ],
  [
    'a fraction in percent',
    { sessions: { resources: { requestedFraction: { cpu: 10 } } } },
    '/sessions/resources/requestedFraction/cpu',
    'maximum: got 10, want 1',
  ],
  ['a size without a unit that there is', { homes: { size: '10GB' } }, '/homes/size', 'does not match pattern'],
  [
    'homes that many may write to',
    { homes: { accessMode: 'ReadWriteMany' } },
    '/homes/accessMode',
    `value must be one of 'ReadWriteOncePod', 'ReadWriteOnce'`,
  ],
  [
    'a parameter that is a number',
    { homes: { storageClass: { parameters: { replicas: 2 } } } },
    '/homes/storageClass/parameters/replicas',
    'got number, want string',
  ],
  [
    'a route that is not known',
    { route: { kind: 'gateway-api' } },
    '/route/kind',
    `value must be one of 'traefik', 'ingress', 'none'`,
  ],
  [
    'an address in place of a range',
    { network: { blockedCidrs: ['10.0.0.1'] } },
    '/network/blockedCidrs/0',
    'does not match pattern',
  ],
  ['a peer that selects nothing', { network: { turn: [{}] } }, '/network/turn/0', 'minProperties: got 0, want 1'],
  [
    'a peer with a field that there is not',
    { network: { proxies: [{ cidr: '10.0.0.0/8' }] } },
    '/network/proxies/0',
    `additional properties 'cidr' not allowed`,
  ],
  [
    'an ICE server of another protocol',
    { network: { iceServers: [{ urls: ['https://a'] }] } },
    '/network/iceServers/0/urls/0',
    'does not match pattern',
  ],
  ['a GPU without its domain', { gpu: { resourceName: 'gpu' } }, '/gpu/resourceName', 'does not match pattern'],
  ['no operator', { operator: { replicas: 0 } }, '/operator/replicas', 'minimum: got 0, want 1'],
  [
    'a log level of another logger',
    { operator: { logLevel: 'trace' } },
    '/operator/logLevel',
    `value must be one of 'debug', 'info', 'warn', 'error'`,
  ],
  [
    'a setting that there is not',
    { operator: { settings: { startDeadline: '10m' } } },
    '/operator/settings',
    `additional properties 'startDeadline' not allowed`,
  ],
  [
    'an interval without a unit',
    { metrics: { serviceMonitor: { interval: '30' } } },
    '/metrics/serviceMonitor/interval',
    'does not match pattern',
  ],
];

describe('values that do not go together', () => {
  it.each(wrongCombinations)('%s: refused in a sentence', (_what, values, says) => {
    expect(refusalOf(values)).toContain(says);
  });
});

describe('values of the wrong kind', () => {
  it.each(wrongValues)('%s: refused with its place', (_what, values, path, expected) => {
    const refusal = refusalOf({ ...local, ...values }) ?? 'nothing was refused';
    const line = refusal.split('\n').find((one) => one.includes(`at '${path}'`));
    expect(line, refusal).toMatch(expected);
  });
});
