import { customResources } from '../resource/custom-resources.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';
import type { Change, RevisionLog } from '../storage/revision-log.ts';

const definitions = '/apiextensions.k8s.io/customresourcedefinitions//';

/**
 * What the server serves now: the built-in resources, and those of each CustomResourceDefinition in the log whose names
 * were accepted. It follows the log, so a definition is served when the write that created it returns.
 */
export class Catalog implements Disposable {
  readonly #builtin: readonly Resource[];
  readonly #custom = new Map<string, Defined>();
  readonly #stop: () => void;
  #byPath = new Map<string, Resource>();
  #byKind = new Map<string, Resource>();
  #all: readonly Resource[] = [];

  constructor(log: RevisionLog, builtin: readonly Resource[]) {
    this.#builtin = builtin;
    for (const { key, object } of log.list(definitions).items) this.#define(key, object);
    this.#index();
    this.#stop = log.subscribe((change) => this.#follow(change));
  }

  /** A new array whenever what is served changes, so that documents can be cached by it. */
  get all(): readonly Resource[] {
    return this.#all;
  }

  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  findKind(apiVersion: string, kind: string): Resource | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`);
  }

  /** One resource for each stored set of objects: the first of its versions. */
  stored(): readonly Resource[] {
    return [...new Map(this.#all.toReversed().map((resource) => [`${resource.group}/${resource.plural}`, resource]))]
      .map(([, resource]) => resource)
      .filter(({ verbs }) => verbs.includes('delete'));
  }

  [Symbol.dispose](): void {
    this.#stop();
  }

  #follow(change: Change): void {
    if (!change.key.startsWith(definitions)) return;
    if (change.type === 'deleted') {
      this.#custom.delete(change.key);
      this.#index();
    } else this.#define(change.key, change.object);
  }

  #define(key: string, definition: KubernetesObject): void {
    const isServed = areNamesAccepted(definition);
    const spec = JSON.stringify(definition['spec']);
    const known = this.#custom.get(key);
    if (known?.isServed === isServed && known.spec === spec) return;
    this.#custom.set(key, { isServed, spec, resources: isServed ? customResources(definition) : [] });
    this.#index();
  }

  #index(): void {
    this.#all = [...this.#builtin, ...[...this.#custom.values()].flatMap(({ resources }) => resources)];
    this.#byPath = new Map(this.#all.map((r) => [`${r.group}/${r.version}/${r.plural}`, r]));
    this.#byKind = new Map(this.#all.map((r) => [`${apiVersionOf(r)}/${r.kind}`, r]));
  }
}

/** The resources of a definition stay the same objects as long as its spec does. */
interface Defined {
  readonly isServed: boolean;
  readonly spec: string;
  readonly resources: readonly Resource[];
}

export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

function areNamesAccepted(definition: KubernetesObject): boolean {
  const status = definition['status'] as { conditions?: readonly { type: string; status: string }[] } | undefined;
  return status?.conditions?.some(({ type, status }) => type === 'NamesAccepted' && status === 'True') ?? false;
}
