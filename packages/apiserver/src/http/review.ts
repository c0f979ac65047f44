import { apiVersionOf } from '../catalog/catalog.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import { timestamp } from '../clock.ts';
import type { Call, Server } from './call.ts';

/** Kinds that are questions: created, answered, never stored. */
export function isReview({ group, kind }: Resource): boolean {
  return (group === 'authentication.k8s.io' || group === 'authorization.k8s.io') && kind.endsWith('Review');
}

/** Whoever is authenticated may do everything here: who may be is decided by the owner of the server. */
export async function answerReview(
  server: Server,
  call: Call,
  resource: Resource,
  review: KubernetesObject,
): Promise<object> {
  const { user } = call;
  const head = {
    kind: resource.kind,
    apiVersion: apiVersionOf(resource),
    metadata: { creationTimestamp: timestamp(server.registry.clock.now()) },
  };
  switch (resource.kind) {
    case 'SelfSubjectReview':
      return { ...head, status: { userInfo: userInfoOf(user) } };
    case 'SelfSubjectRulesReview':
      return {
        ...head,
        spec: review['spec'] ?? {},
        status: {
          incomplete: false,
          resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
          nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
        },
      };
    case 'TokenReview':
      return { ...head, spec: review['spec'] ?? {}, status: await reviewToken(server, review) };
    default:
      return { ...head, spec: review['spec'] ?? {}, status: { allowed: true, reason: 'every authenticated user may' } };
  }
}

/** Asks the authentication of the server itself, as if the token had come with a request. */
async function reviewToken({ authenticate }: Server, review: KubernetesObject): Promise<object> {
  const { token } = (review['spec'] ?? {}) as { readonly token?: unknown };
  if (typeof token !== 'string' || token === '') return { authenticated: false, error: 'spec.token is missing' };
  const request = new Request('http://token.review/', { headers: { authorization: `Bearer ${token}` } });
  const user = await authenticate(request);
  return user === undefined ? { authenticated: false } : { authenticated: true, user: userInfoOf(user) };
}

function userInfoOf({ name, groups, uid }: Call['user']): object {
  return { username: name, groups, ...(uid === undefined ? {} : { uid }) };
}
