import { randomInt } from 'node:crypto';
import {
  annotations,
  apiVersion,
  fieldManagers,
  findCondition,
  hostSlug,
  labels,
  labelValue,
  normalizeUser,
  sessionName,
  userKey,
  type VDISession,
  type VDISessionSpec,
} from '@vdi/api';
import { isAlreadyExists } from '@vdi/kube';
import { decide } from '../../authorize/authorize.ts';
import { apiError } from '../api-error.ts';
import type { GraphqlContext, Platform } from '../graphql-context.ts';
import { requireAccess } from '../require-access.ts';
import { sessions } from './read-session.ts';
import { readTemplate } from './read-template.ts';
import { defaultNamespace, requireNamespace } from './session-name.ts';
import { requireReadable } from './require-readable.ts';
import { requireShareable } from './share-session.ts';

/** What `createVDISession` is given; absent fields are left to the template. */
export interface NewSession {
  readonly name: string | undefined;
  readonly namespace: string | undefined;
  readonly spec: Omit<VDISessionSpec, 'user'> & { readonly user: string | undefined };
}

const nameAttempts = 5;

/** The operator gives a new session its address within milliseconds; the answer waits for that, and no longer than this. */
const addressWaitMs = 1500;

export async function createSession(context: GraphqlContext, input: NewSession): Promise<VDISession> {
  const { platform, principal } = context;
  const user = normalizeUser(input.spec.user ?? principal.user);
  const namespace = input.namespace ?? defaultNamespace;
  const template = await readTemplate(platform, input.spec.template);
  requireAccess(context, 'session.create', { kind: 'newSession', user, template });
  requireNamespace(platform.catalog, namespace);
  if (template === undefined) throw templateNotFound(context, input.spec.template);
  requireReadable(input.spec);
  for (const { role } of input.spec.shares ?? []) requireShareable(template, role);
  const created = await createNamed(platform, input.name, (name) => ({
    apiVersion,
    kind: 'VDISession',
    metadata: {
      name,
      namespace,
      labels: { [labels.user]: userKey(user), [labels.template]: labelValue(template.metadata.name) },
      ...(user !== principal.user && { annotations: { [annotations.requestedBy]: principal.user } }),
    },
    spec: { ...input.spec, user },
  }));
  return await withAddress(platform, created);
}

/** Without a name one is drawn, until it is free. */
async function createNamed(
  { kube }: Platform,
  name: string | undefined,
  objectOf: (name: string) => VDISession,
): Promise<VDISession> {
  for (let attempt = 1; ; attempt += 1) {
    const object = objectOf(name ?? '');
    const drawn = name ?? sessionName(hostSlug(object.spec.user), randomLetters(5));
    try {
      return await kube.create(sessions, objectOf(drawn), { fieldManager: fieldManagers.gateway });
    } catch (error) {
      if (name !== undefined || !isAlreadyExists(error) || attempt === nameAttempts) throw error;
    }
  }
}

function randomLetters(count: number): string {
  return Array.from({ length: count }, () => randomInt(36).toString(36)).join('');
}

/** The session as soon as it has an address or is refused, else as it was created. */
async function withAddress({ catalog }: Platform, created: VDISession): Promise<VDISession> {
  const { namespace = '', name, uid } = created.metadata;
  const cached = (): VDISession | undefined => {
    const found = catalog.session(namespace, name);
    return found?.metadata.uid === uid ? found : undefined;
  };
  await catalog.until(() => {
    const status = cached()?.status;
    return status?.url !== undefined || findCondition(status?.conditions, 'Accepted')?.status === 'False';
  }, addressWaitMs);
  return cached() ?? created;
}

function templateNotFound({ platform, principal }: GraphqlContext, name: string) {
  const usable = platform.catalog
    .templates()
    .filter((template) => decide(principal, 'template.get', { kind: 'template', template }).allowed)
    .map(({ metadata }) => metadata.name);
  const choice = usable.length > 0 ? `choose one of ${usable.join(', ')}` : 'ask an administrator to create one';
  return apiError('BAD_USER_INPUT', `There is no template ${JSON.stringify(name.slice(0, 63))}: ${choice}`, {
    causes: [{ reason: 'FieldValueNotFound', field: 'spec.template', message: 'no such template' }],
  });
}
