import type { Pod } from '@vdi/kube';
import { ConfigError } from './config-error.ts';

/** What the node knows of a Pod and the machine, for the downward API. */
export interface PodFacts {
  readonly nodeName: string;
  readonly hostIP: string;
  /** Undefined until the Pod's network is up. */
  readonly podIP: string | undefined;
  /** Cores and bytes of the machine: what `limits` are where none are set. */
  readonly capacity: { readonly cpu: number; readonly memory: number; readonly ephemeralStorage: number };
}

const mapEntry = /^metadata\.(labels|annotations)\['([^']+)'\]$/;

/** One field of a Pod as text, by the paths that the downward API knows. Throws `ConfigError` for others. */
export function podField(pod: Pod, path: string, facts: PodFacts): string {
  const { metadata, spec } = pod;
  const entry = mapEntry.exec(path);
  if (entry !== null) {
    const map = entry[1] === 'labels' ? metadata.labels : metadata.annotations;
    return map?.[entry[2] ?? ''] ?? '';
  }
  const fields: Readonly<Record<string, () => string>> = {
    'metadata.name': () => metadata.name ?? '',
    'metadata.namespace': () => metadata.namespace ?? '',
    'metadata.uid': () => metadata.uid ?? '',
    'metadata.labels': () => mapText(metadata.labels),
    'metadata.annotations': () => mapText(metadata.annotations),
    'spec.nodeName': () => spec.nodeName ?? facts.nodeName,
    'spec.serviceAccountName': () => (spec as { readonly serviceAccountName?: string }).serviceAccountName ?? 'default',
    'status.hostIP': () => facts.hostIP,
    'status.hostIPs': () => facts.hostIP,
    'status.podIP': () => facts.podIP ?? '',
    'status.podIPs': () => facts.podIP ?? '',
  };
  const read = Object.hasOwn(fields, path) ? fields[path] : undefined;
  if (read === undefined) {
    throw new ConfigError(`the downward API has no field "${path}"; it has ${Object.keys(fields).join(', ')}`);
  }
  return read();
}

/** Does a container of this Pod need the Pod's address before it can be created? */
export function needsPodIP({ spec }: Pod): boolean {
  return [...(spec.initContainers ?? []), ...spec.containers].some(({ env = [] }) =>
    env.some(({ valueFrom }) => valueFrom?.fieldRef?.fieldPath.startsWith('status.podIP') === true),
  );
}

/** `key="value"` lines, sorted and escaped, as the downward API writes maps into files. */
function mapText(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}
