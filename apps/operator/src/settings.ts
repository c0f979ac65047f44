import type { Protocol } from '@vdi/api';

/**
 * What an installation decides once for all sessions. Composition makes it: from the environment in a cluster
 * (`config.ts`), in code for standalone mode.
 */
export interface OperatorSettings {
  /** Where VDISessions are served; others are left alone. */
  readonly namespaces: readonly string[];
  /** The display container, ours. */
  readonly displayImage: string;
  readonly imagePullPolicy: 'Always' | 'IfNotPresent' | 'Never';
  readonly address: SessionAddress;
  /** What the session door serves; templates with another protocol are not accepted. */
  readonly protocols: readonly Protocol[];
  readonly home: HomeSettings;
  readonly resources: ResourceSettings;
  /** How long a start may take where the template says nothing. Milliseconds. */
  readonly startDeadlineMs: number;
  /** For users without a VDIUser, and for what a VDIUser leaves out. Absent means no limit. */
  readonly defaultQuota: Quota;
  readonly network: NetworkSettings;
  readonly gpu: GpuSettings;
  /** Traefik objects in the namespace of the session; used where the IngressRoute CRD is served. */
  readonly route: RouteSettings;
  readonly agent: AgentSettings;
  /** ICE servers that the agent offers, as in `RTCPeerConnection`; TURN credentials come from the gateway. */
  readonly iceServers: readonly { readonly urls: readonly string[] }[];
  readonly retry: RetrySettings;
}

/** Where people reach sessions: a wildcard domain with HTTPS, or `*.localhost` of this machine. */
export type SessionAddress =
  | { readonly kind: 'domain'; readonly domain: string; readonly port?: number }
  | { readonly kind: 'localhost'; readonly port: number };

export interface HomeSettings {
  /** Quantity, for homes whose template and user name none. */
  readonly size: string;
  /** Used where it exists and nobody names another; else the cluster's default class. */
  readonly storageClassName: string;
  /** `ReadWriteOncePod` also keeps two nodes from writing; needs a driver that knows it. */
  readonly accessMode: 'ReadWriteOncePod' | 'ReadWriteOnce';
}

export interface ResourceSettings {
  /** Limits of a desktop whose template and session name none. Quantities. */
  readonly desktop: { readonly cpu: string; readonly memory: string };
  /** Part of the limit that is requested from the scheduler, 0…1. */
  readonly requestedFraction: { readonly cpu: number; readonly memory: number };
  readonly display: {
    readonly requests: { readonly cpu: string; readonly memory: string };
    readonly limits: { readonly cpu: string; readonly memory: string };
  };
  /** Quantities: shared memory, and each temporary folder. */
  readonly sharedMemory: string;
  readonly temporaryStorage: string;
}

export interface Quota {
  readonly sessions?: number;
  readonly gpu?: number;
  /** Quantities. */
  readonly cpu?: string | number;
  readonly memory?: string | number;
  readonly storage?: string | number;
}

export interface NetworkSettings {
  /** `from` entries of the ingress rule: who may reach port 8080 of a session. Empty: nobody inside the cluster. */
  readonly ingressFrom: readonly object[];
  /** Whether viewers on other hosts send media straight to the Pod (UDP). Off where all media goes through TURN. */
  readonly directMedia: boolean;
  /** `to` entries of the egress rule for TURN servers. */
  readonly turn: readonly object[];
  /** Never reachable, beside the private ranges: node addresses, API server. CIDRs. */
  readonly blockedCidrs: readonly string[];
  /** What the egress policy `lan` opens in addition to the internet. CIDRs. */
  readonly lanCidrs: readonly string[];
  /** Whether sessions are kept apart by the NetworkPolicy or by a network of their own. */
  readonly isolation: 'network-policy' | 'own-network';
}

export interface GpuSettings {
  readonly resourceName: string;
  /** RuntimeClass of sessions with a GPU, where the template names none. */
  readonly runtimeClassName?: string;
}

export interface RouteSettings {
  readonly entryPoint: string;
  readonly middleware: string;
  readonly tlsOption: string;
}

export interface AgentSettings {
  /**
   * How the operator reaches the agent: at the Pod's IP, or by the annotation of the standalone node. The annotation is
   * trusted only there: who may edit it receives the bearer token.
   */
  readonly reachedBy: 'pod-ip' | 'endpoint-annotation';
  /**
   * Milliseconds between two looks at a desktop that starts, that is ready for somebody who asked for it, that is watched,
   * and that nobody watches.
   */
  readonly pollMs: {
    readonly starting: number;
    readonly expected: number;
    readonly watched: number;
    readonly unwatched: number;
  };
  readonly timeoutMs: number;
}

export interface RetrySettings {
  /** Pause before the second, third, … incarnation of a Pod that was lost; doubles. Milliseconds. */
  readonly firstPauseMs: number;
  readonly longestPauseMs: number;
  /** An incarnation that was ready for so long forgives those before it. Milliseconds. */
  readonly forgivenAfterMs: number;
}

/** Settings that suit most installations; composition adds image, address, and what differs. */
export const defaultSettings: Omit<OperatorSettings, 'displayImage' | 'address'> = {
  namespaces: ['vdi-sessions', 'vdi'],
  imagePullPolicy: 'IfNotPresent',
  protocols: ['webrtc', 'http', 'selkies'],
  home: { size: '10Gi', storageClassName: 'vdi-homes', accessMode: 'ReadWriteOncePod' },
  resources: {
    desktop: { cpu: '2', memory: '2Gi' },
    requestedFraction: { cpu: 0.1, memory: 0.25 },
    display: { requests: { cpu: '100m', memory: '192Mi' }, limits: { cpu: '2', memory: '768Mi' } },
    sharedMemory: '512Mi',
    temporaryStorage: '2Gi',
  },
  startDeadlineMs: 10 * 60_000,
  defaultQuota: { sessions: 10 },
  network: {
    ingressFrom: [
      { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'traefik' } }, namespaceSelector: {} },
      { podSelector: { matchLabels: { 'app.kubernetes.io/name': 'vdi-operator' } }, namespaceSelector: {} },
    ],
    directMedia: true,
    turn: [],
    blockedCidrs: [],
    lanCidrs: [],
    isolation: 'network-policy',
  },
  gpu: { resourceName: 'nvidia.com/gpu' },
  route: { entryPoint: 'websecure', middleware: 'vdi-auth', tlsOption: 'vdi-tls' },
  agent: {
    reachedBy: 'pod-ip',
    pollMs: { starting: 100, expected: 2_000, watched: 5_000, unwatched: 30_000 },
    timeoutMs: 2_000,
  },
  iceServers: [],
  retry: { firstPauseMs: 1_000, longestPauseMs: 5 * 60_000, forgivenAfterMs: 10 * 60_000 },
};
