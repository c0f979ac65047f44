import { type VDISession, type VDITemplate, type VDIUser, vdiSession, vdiTemplate, vdiUser } from '@vdi/api';
import { type KubeObject, type KubeResource, resourceOf, typedResources } from '@vdi/kube';

/** Traefik v3, where its CRDs are served. */
const ingressRoutes: KubeResource<KubeObject> = {
  group: 'traefik.io',
  version: 'v1alpha1',
  plural: 'ingressroutes',
  kind: 'IngressRoute',
  namespaced: true,
};

/** The kinds that the operator reads and writes, with the types of their objects. */
export const resources = {
  ...typedResources,
  sessions: resourceOf<VDISession>(vdiSession),
  templates: resourceOf<VDITemplate>(vdiTemplate),
  users: resourceOf<VDIUser>(vdiUser),
  ingressRoutes,
} as const;
