import { fieldManagers, vdiSession, type VDISession } from '@vdi/api';
import { type KubeClient, resourceOf } from '@vdi/kube';
import type { Authorizer } from '../authorize/authorize.ts';
import type { Visitor } from './admission.ts';

const sessions = resourceOf<VDISession>(vdiSession);

export interface Resumer {
  /** Asks for the desktop of a suspended session. @returns false when this person may not. @throws KubeError */
  resume(visitor: Visitor): Promise<boolean>;
}

/** Visits at the same time make one write; a session that took the name of the suspended one stays as it is. */
export function createResumer(deps: { readonly kube: KubeClient; readonly authorizer: Authorizer }): Resumer {
  const { kube, authorizer } = deps;
  const writing = new Map<string, Promise<unknown>>();
  return {
    async resume({ principal, session, via }) {
      const decision = authorizer.decide(principal, 'session.resume', { kind: 'session', session }, via);
      if (!decision.allowed) return false;
      const { namespace = '', name, uid = '' } = session.metadata;
      const write =
        writing.get(uid) ??
        kube
          .patch(
            sessions,
            { namespace, name },
            { type: 'merge', value: { metadata: { uid }, spec: { suspended: false } } },
            { fieldManager: fieldManagers.gateway },
          )
          .finally(() => writing.delete(uid));
      writing.set(uid, write);
      await write;
      return true;
    },
  };
}
