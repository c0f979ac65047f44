import type { VDISession } from '@vdi/api';
import type { KubeClient } from '@vdi/kube';
import type { Principal } from '../auth/principal.ts';
import type { Authorizer, Via } from '../authorize/authorize.ts';
import type { Catalog } from '../catalog/catalog.ts';

/** What the operations work on; one for the whole gateway. */
export interface Platform {
  readonly catalog: Catalog;
  readonly authorizer: Authorizer;
  readonly kube: KubeClient;
  /** Makes an address with a one-time code, for somebody who was found to be allowed in. */
  readonly openSession: (principal: Principal, session: VDISession) => Promise<{ readonly url: string }>;
  readonly now: () => Date;
}

/** Who asks, and how. */
export interface GraphqlContext {
  readonly platform: Platform;
  readonly principal: Principal;
  readonly via: Via;
}
