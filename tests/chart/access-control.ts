import type { Fetch } from '@vdi/kube';
import { allOf, type ChartObject, type Rule } from './chart-object.ts';

/** One thing that somebody may do, or asks to do. */
interface Right {
  readonly verb: string;
  /** `pods`, `vdisessions.vdi.kasm.io`, `vdisessions.vdi.kasm.io/status` */
  readonly resource: string;
  /** Undefined: in all namespaces, or of no namespace. */
  readonly namespace: string | undefined;
  /** Undefined: of any name. */
  readonly name: string | undefined;
}

/**
 * What one ServiceAccount may do by the roles that the chart renders, and which of it was done. Decides as the RBAC
 * authorizer does: https://kubernetes.io/docs/reference/access-authn-authz/rbac/
 */
export class AccessControl {
  /** What was asked for and is in no role. */
  readonly denied = new Set<string>();
  readonly #granted: readonly Right[];
  readonly #used = new Set<Right>();

  constructor(objects: readonly ChartObject[], account: string) {
    this.#granted = rightsOf(objects, account);
  }

  /** Rights that nobody made use of, such as `delete pods in vdi-sessions`. */
  get unused(): readonly string[] {
    return this.#granted.filter((right) => !this.#used.has(right)).map(sentence);
  }

  /** A `fetch` that answers 403 to what the roles do not allow. */
  guard(fetch: Fetch): Fetch {
    return async (url, init) => {
      const asked = await rightsAsked(fetch, url, init);
      const refused = asked.filter((right) => !this.#allows(right)).map(sentence);
      for (const what of refused) this.denied.add(what);
      return refused.length === 0 ? await fetch(url, init) : forbidden(refused.join(', '));
    };
  }

  #allows(asked: Right): boolean {
    const allowing = this.#granted.filter((right) => covers(right, asked));
    // A right in all namespaces is too much for who asks in one.
    for (const right of allowing.filter(({ namespace }) => namespace === asked.namespace)) this.#used.add(right);
    return allowing.length > 0;
  }
}

function rightsOf(objects: readonly ChartObject[], account: string): readonly Right[] {
  const bindings = [...allOf(objects, 'ClusterRoleBinding'), ...allOf(objects, 'RoleBinding')];
  return bindings
    .filter(({ subjects }) => subjects.some(({ kind, name }) => kind === 'ServiceAccount' && name === account))
    .flatMap(({ roleRef, metadata: { namespace } }) =>
      [...allOf(objects, 'ClusterRole'), ...allOf(objects, 'Role')]
        .filter(({ kind, metadata }) => kind === roleRef.kind && metadata.name === roleRef.name)
        .filter(({ metadata }) => metadata.namespace === namespace)
        .flatMap(({ rules }) => rules.flatMap((rule) => rightsOfRule(rule, namespace))),
    );
}

function rightsOfRule({ apiGroups, resources, resourceNames, verbs }: Rule, namespace: string | undefined): Right[] {
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        (resourceNames ?? [undefined]).map((name) => ({
          verb,
          resource: qualified(group, resource),
          namespace,
          name,
        })),
      ),
    ),
  );
}

function covers(right: Right, asked: Right): boolean {
  return (
    right.verb === asked.verb &&
    right.resource === asked.resource &&
    (right.namespace === undefined || right.namespace === asked.namespace) &&
    (right.name === undefined || right.name === asked.name)
  );
}

const objectPath =
  /^\/(?:api|apis\/(?<group>[^/]+))\/v\w+(?:\/namespaces\/(?<namespace>[^/]+))?\/(?<plural>[^/]+)(?:\/(?<name>[^/]+)(?:\/(?<subresource>[^/]+))?)?$/;

/** What a request needs. Nothing for documents such as discovery, which everybody with an account may read. */
async function rightsAsked(fetch: Fetch, url: string, init: RequestInit): Promise<readonly Right[]> {
  const { pathname, searchParams } = new URL(url);
  const found = objectPath.exec(pathname)?.groups;
  if (found === undefined) return [];
  const { group = '', namespace, plural = '', name, subresource } = found;
  const resource = qualified(group, subresource === undefined ? plural : `${plural}/${subresource}`);
  const method = init.method ?? 'GET';
  const right = { verb: verbOf(method, name, searchParams.get('watch') === 'true'), resource, namespace, name };
  if (method !== 'PATCH' || subresource !== undefined || !isApply(init)) return [right];
  // An apply of what is not there makes it, which is a right of its own.
  const { status } = await fetch(url.split('?')[0] ?? '', { ...init, method: 'GET', body: null });
  return status === 404 ? [right, { ...right, verb: 'create', name: undefined }] : [right];
}

function verbOf(method: string, name: string | undefined, isWatch: boolean): string {
  switch (method) {
    case 'GET':
      return name !== undefined ? 'get' : isWatch ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return name === undefined ? 'deletecollection' : 'delete';
    default:
      throw new Error(`The client sent ${method}, which no verb is known for`);
  }
}

const isApply = ({ headers }: RequestInit): boolean =>
  new Headers(headers).get('content-type') === 'application/apply-patch+yaml';

function qualified(group: string, resource: string): string {
  const [plural = '', ...subresource] = resource.split('/');
  return [group === '' ? plural : `${plural}.${group}`, ...subresource].join('/');
}

function sentence({ verb, resource, namespace, name }: Right): string {
  return `${verb} ${resource}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

function forbidden(what: string): Response {
  const message = `The roles of the chart do not allow: ${what}`;
  return Response.json(
    { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', reason: 'Forbidden', code: 403, message },
    { status: 403 },
  );
}
