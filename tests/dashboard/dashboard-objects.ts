import {
  apiVersion,
  userKey,
  type VDISession,
  vdiSession,
  type VDITemplate,
  vdiTemplate,
  type VDIUser,
  vdiUser,
} from '@vdi/api';
import { type KubeClient, resourceOf } from '@vdi/kube';
import { starterTemplates } from '../../apps/solo/src/templates/starter-templates.ts';

const sessions = resourceOf<VDISession>(vdiSession);
export const templates = resourceOf<VDITemplate>(vdiTemplate);
const users = resourceOf<VDIUser>(vdiUser);
export const namespace = 'vdi-sessions';

/** The templates of a new installation and one that needs a GPU. */
export async function createTemplates(kube: KubeClient): Promise<void> {
  for (const template of starterTemplates()) await kube.create(templates, template);
  await createModelling(kube);
}

export async function createModelling(kube: KubeClient): Promise<void> {
  const modelling: VDITemplate = {
    apiVersion,
    kind: 'VDITemplate',
    metadata: { name: 'modelling' },
    spec: {
      image: 'registry.example/modelling:1',
      displayName: 'Modelling',
      description: 'Blender and FreeCAD, drawn on a slice of a graphics card',
      icon: 'gpu.svg',
      tags: ['desktop', 'graphics'],
      resources: { defaultGPU: 1, maxGPU: 2, defaultMemory: '8Gi', maxMemory: '32Gi', defaultCPU: 4, maxCPU: 16 },
    },
  };
  await kube.create(templates, modelling);
}

export async function createQuota(kube: KubeClient, user: string): Promise<void> {
  await kube.create(users, {
    apiVersion,
    kind: 'VDIUser',
    metadata: { name: userKey(user) },
    spec: { user, quota: { sessions: 8, cpu: 16, memory: '32Gi', gpu: 2 } },
  });
}

/** A session with the status that an operator would write. */
export async function createSession(
  kube: KubeClient,
  name: string,
  spec: VDISession['spec'],
  status: NonNullable<VDISession['status']> = {},
): Promise<void> {
  await kube.create(sessions, { apiVersion, kind: 'VDISession', metadata: { name, namespace }, spec });
  await setStatus(kube, name, status);
}

export async function setStatus(
  kube: KubeClient,
  name: string,
  status: NonNullable<VDISession['status']>,
): Promise<void> {
  await kube.patch(sessions, { name, namespace }, { type: 'merge', value: { status } }, { subresource: 'status' });
}

export async function findSession(kube: KubeClient, name: string): Promise<VDISession | undefined> {
  return (await listSessions(kube)).find(({ metadata }) => metadata.name === name);
}

export async function listSessions(kube: KubeClient): Promise<readonly VDISession[]> {
  return (await kube.list(sessions, { namespace })).items;
}

export async function deleteSessions(kube: KubeClient): Promise<void> {
  for (const { metadata } of await listSessions(kube)) await kube.delete(sessions, { name: metadata.name, namespace });
}

/** The timeline of a start that began so many milliseconds ago and has got so far. */
export function timelineOf(reached: readonly (readonly [stage: Stage, afterMs: number])[], agoMs: number) {
  const begin = Date.now() - agoMs;
  return reached.map(([stage, afterMs]) => ({ stage, at: new Date(begin + afterMs).toISOString() }));
}

type Stage = NonNullable<NonNullable<VDISession['status']>['timeline']>[number]['stage'];
