import { type Policy, labels, type VDISession } from '@vdi/api';
import type { KubeObject } from '@vdi/kube';
import type { NetworkSettings } from '../../settings.ts';
import { childMetadata, httpPort, mediaPort } from './names.ts';

const privateRanges = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'];
const privateRangesV6 = ['fc00::/7', 'fe80::/10'];

/**
 * Who may reach a session and whom it may reach. The namespace denies everything by default; this opens what the template
 * allows. It exists before the Pod does: enforcement may lag behind a Pod, never the other way.
 */
export function desiredNetworkPolicy(
  session: VDISession,
  egress: NonNullable<Policy['egress']>,
  settings: NetworkSettings,
): KubeObject & { readonly spec: object } {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: childMetadata(session, 'networkPolicy'),
    spec: {
      podSelector: { matchLabels: { [labels.session]: session.metadata.name } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: ingressRules(settings),
      egress: egressRules(egress, settings),
    },
  };
}

function ingressRules({ ingressFrom, directMedia }: NetworkSettings): readonly object[] {
  const http = ingressFrom.length === 0 ? [] : [{ from: ingressFrom, ports: [{ protocol: 'TCP', port: httpPort }] }];
  // Viewers are anywhere. What arrives there is DTLS, opened only to fingerprints that went through the door.
  const media = directMedia ? [{ ports: [{ protocol: 'UDP', port: mediaPort }] }] : [];
  return [...http, ...media];
}

function egressRules(egress: NonNullable<Policy['egress']>, settings: NetworkSettings): readonly object[] {
  const turn = settings.turn.length === 0 ? [] : [{ to: settings.turn, ports: turnPorts }];
  if (egress === 'none') return turn;
  const internet = { to: internetPeers(settings.blockedCidrs) };
  const lan = { to: settings.lanCidrs.map((cidr) => ({ ipBlock: { cidr } })) };
  return [clusterDns, ...turn, internet, ...(egress === 'lan' && settings.lanCidrs.length > 0 ? [lan] : [])];
}

const turnPorts = [
  { protocol: 'UDP', port: 3478 },
  { protocol: 'TCP', port: 3478 },
  { protocol: 'TCP', port: 5349 },
];

/** CoreDNS, and the node-local cache where there is one. */
const clusterDns = {
  to: [
    {
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
      podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
    },
    { ipBlock: { cidr: '169.254.20.10/32' } },
  ],
  ports: [
    { protocol: 'UDP', port: 53 },
    { protocol: 'TCP', port: 53 },
  ],
};

/** Everything but private ranges, the metadata service (169.254/16) and what the installation blocks. */
function internetPeers(blocked: readonly string[]): readonly object[] {
  const isV6 = (cidr: string): boolean => cidr.includes(':');
  return [
    { ipBlock: { cidr: '0.0.0.0/0', except: [...privateRanges, ...blocked.filter((cidr) => !isV6(cidr))] } },
    { ipBlock: { cidr: '::/0', except: [...privateRangesV6, ...blocked.filter(isV6)] } },
  ];
}
