import type { Values } from './helm.ts';

const domain = 'vdi.example.com';
const local = { domain, localAccounts: { enabled: true } };
const oidc = {
  issuer: 'https://login.example.com/realms/example',
  clientId: 'vdi',
  clientSecret: { name: 'vdi-oidc' },
};

/** The installations that every rule is checked on: a sentence and the values of one who writes it. */
export const installations: Readonly<Record<string, Values>> = {
  'the least, to try things out': local,
  'a provider of their own': { domain, oidc },
  'a provider with everything that can be said of it': {
    domain,
    publicPort: 8443,
    oidc: {
      ...oidc,
      issuer: 'https://login.example.com:9443',
      clientSecret: { name: 'vdi-oidc', key: 'secret' },
      userClaim: 'preferred_username',
      groupsClaim: 'roles',
      idTokenAlgorithm: 'ES256',
      audience: 'vdi-api',
      ca: { configMap: 'company-ca' },
    },
    roles: { adminGroups: ['admins', 'more admins'], operatorGroups: ['operators'] },
  },
  'a certificate in a Secret': { ...local, route: { tls: { secretName: 'vdi-wildcard' } } },
  'a certificate that Traefik gets': { ...local, route: { tls: { certResolver: 'letsencrypt' } } },
  'another ingress controller': {
    ...local,
    route: {
      kind: 'ingress',
      tls: { secretName: 'vdi-wildcard' },
      ingress: { className: 'nginx', annotations: { 'nginx.ingress.kubernetes.io/proxy-read-timeout': '86400' } },
    },
    network: { proxies: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } } }] },
  },
  'a way of their own': { ...local, route: { kind: 'none' } },
  'nobody waits when a node goes': {
    ...local,
    operator: {
      replicas: 3,
      priorityClassName: 'system-cluster-critical',
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' }],
      affinity: {
        nodeAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: {
            nodeSelectorTerms: [{ matchExpressions: [{ key: 'gpu', operator: 'DoesNotExist' }] }],
          },
        },
      },
      podAnnotations: { 'example.com/team': 'desktops' },
    },
    gateway: { priorityClassName: 'system-cluster-critical', trustedProxies: ['10.42.0.0/16'] },
  },
  'GPUs on K3s': {
    ...local,
    gpu: { resourceName: 'nvidia.com/gpu.shared', runtimeClassName: 'nvidia' },
    sessions: { defaultQuota: { sessions: 2, gpu: 1, memory: '16Gi' } },
  },
  Prometheus: { ...local, metrics: { serviceMonitor: { create: true, labels: { release: 'prometheus' } } } },
  'namespaces that exist': {
    ...local,
    sessions: { namespaces: ['vdi-sessions', 'students', 'staff'], createNamespaces: false, podSecurity: 'baseline' },
  },
  'images in a registry': {
    ...local,
    images: {
      registry: 'registry.example.com:5000/desktops',
      tag: '1.2.3',
      pullPolicy: 'Always',
      pullSecrets: ['registry'],
      control: { digest: `sha256:${'0123456789abcdef'.repeat(4)}` },
      display: { registry: 'other.example.com', tag: 'edge', pullPolicy: 'Never' },
    },
  },
  'nothing but operator and gateway': {
    ...local,
    sessions: { createNamespaces: false },
    homes: { storageClass: { name: 'fast', create: false } },
    templates: { create: false },
    network: { createPolicies: false },
    route: { kind: 'none' },
  },
  'every setting of the network': {
    ...local,
    network: {
      proxies: [{ ipBlock: { cidr: '192.0.2.10/32' } }],
      monitoring: [],
      apiServer: { cidrs: ['192.0.2.1/32'], ports: [6443] },
      directMedia: false,
      turn: [{ ipBlock: { cidr: '192.0.2.20/32' } }],
      iceServers: [{ urls: ['stun:stun.example.com:3478'] }],
      blockedCidrs: ['192.0.2.0/24', '2001:db8::/32'],
      lanCidrs: ['10.20.0.0/16'],
    },
    homes: {
      size: '20Gi',
      accessMode: 'ReadWriteOnce',
      storageClass: {
        name: 'homes',
        provisioner: 'driver.longhorn.io',
        allowVolumeExpansion: true,
        parameters: { numberOfReplicas: '2' },
      },
    },
    operator: { logLevel: 'debug', settings: { startDeadlineMs: 900_000, network: { directMedia: true } } },
  },
};

/** The installation that has the most objects, for tests that need only one. */
export const full: Values = {
  ...local,
  sessions: { namespaces: ['vdi-sessions', 'vdi'] },
  operator: { replicas: 2 },
  route: { tls: { secretName: 'vdi-wildcard' } },
};
