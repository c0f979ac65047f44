import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { Clock, EventRecorder } from '@vdi/controller';
import type { Engine } from '../engine/engine.ts';
import type { DataLookup } from '../pod/container-env.ts';
import type { PodFacts } from '../pod/pod-field.ts';
import type { PodVolumes } from '../volumes/pod-volumes.ts';
import type { ClaimHolders } from './claim-holders.ts';
import type { ImageStore } from './image-store.ts';

/** Where media is published. */
export interface MediaAddresses {
  /** The address of this machine that UDP ports are bound to. */
  readonly bindAddress: string;
  /** What browsers are told; several where the machine has several. */
  readonly announced: readonly string[];
  readonly ports: { readonly first: number; readonly last: number };
}

/** What everything that runs Pods shares. */
export interface NodeContext {
  readonly kube: KubeClient;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  readonly recorder: EventRecorder;
  readonly images: ImageStore;
  readonly volumes: PodVolumes;
  readonly claims: ClaimHolders;
  readonly data: DataLookup;
  /** Tells containers of this installation from those of another in the same engine. */
  readonly owner: string;
  readonly nodeName: string;
  readonly hostIP: string;
  readonly capacity: PodFacts['capacity'];
  readonly pauseImage: string;
  /** Our firewall rules are in place: see `network/host-firewall.ts`. */
  readonly hasFirewall: boolean;
  readonly media: MediaAddresses;
  namespaceLabels(namespace: string): Readonly<Record<string, string>>;
}
