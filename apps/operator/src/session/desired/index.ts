import type { VDISession } from '@vdi/api';
import type { KubeObject, KubeResource } from '@vdi/kube';
import { resources } from '../../objects/resources.ts';
import type { OperatorSettings } from '../../settings.ts';
import type { WantedDesktop } from '../wanted-desktop.ts';
import { desiredConfigMap } from './config-map.ts';
import { desiredNetworkPolicy } from './network-policy.ts';
import { desiredRoute } from './route.ts';
import { desiredService } from './service.ts';

/** An object that is to be so, and the kind it is of. */
export interface DesiredObject {
  readonly resource: KubeResource;
  readonly object: KubeObject;
}

export interface ChildrenPlan {
  readonly session: VDISession;
  readonly wanted: WantedDesktop;
  /** `alice.vdi.example.com`; undefined where no Traefik serves routes. */
  readonly routedHost: string | undefined;
  readonly settings: OperatorSettings;
}

/** What a Pod finds when it starts: it is not created before these are. */
export function desiredGround({ session, wanted, settings }: ChildrenPlan): readonly DesiredObject[] {
  const { egress } = wanted.template.policy;
  return [
    { resource: resources.networkPolicies, object: desiredNetworkPolicy(session, egress, settings.network) },
    { resource: resources.configMaps, object: desiredConfigMap(session, wanted) },
  ];
}

/** How the session is reached. Made at once, so that routing is warm when the desktop is. */
export function desiredAccess({ session, routedHost, settings }: ChildrenPlan): readonly DesiredObject[] {
  const route = routedHost === undefined ? [] : [desiredRoute(session, routedHost, settings.route)];
  return [
    { resource: resources.services, object: desiredService(session) },
    ...route.map((object) => ({ resource: resources.ingressRoutes, object })),
  ];
}
