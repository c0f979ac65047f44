import type { Pod } from '@vdi/kube';
import { containerNames } from './names.ts';

/**
 * `podOverlay` of a template, merged into the Pod as Kubernetes' strategic merge does for these fields: objects field by
 * field, lists of named things by name, other lists and values replaced, null removes.
 */
export function withOverlay(pod: Pod, overlay: object): Pod {
  return merged(pod, overlay) as Pod;
}

/** The first field of an overlay that would weaken what keeps sessions apart, as a path; undefined when there is none. */
export function deniedOverlayField(overlay: object): string | undefined {
  const { metadata, spec, ...others } = overlay as Readonly<Record<string, unknown>>;
  return (
    firstKey(others) ??
    prefixed('metadata', keysBeyond(metadata, ['annotations', 'labels'])) ??
    labelField(metadata) ??
    prefixed('spec', deniedKey(spec, deniedPodFields)) ??
    deniedInLists(spec)
  );
}

const deniedPodFields: ReadonlySet<string> = new Set([
  'automountServiceAccountToken',
  'ephemeralContainers',
  'hostIPC',
  'hostNetwork',
  'hostPID',
  'hostUsers',
  'hostname',
  'initContainers',
  'nodeName',
  'restartPolicy',
  'securityContext',
  'serviceAccount',
  'serviceAccountName',
  'setHostnameAsFQDN',
  'shareProcessNamespace',
]);

const deniedContainerFields: ReadonlySet<string> = new Set(['lifecycle', 'securityContext', 'volumeDevices']);
const allowedVolumes: ReadonlySet<string> = new Set([
  'name',
  'emptyDir',
  'configMap',
  'downwardAPI',
  'nfs',
  'csi',
  'image',
]);
const ourLabels = /^(vdi\.kasm\.io|app\.kubernetes\.io)\//;

function deniedInLists(spec: unknown): string | undefined {
  const { containers, volumes } = (spec ?? {}) as Readonly<Record<string, unknown>>;
  for (const container of listOf(containers)) {
    const { name } = container;
    if (name !== containerNames.desktop) return `spec.containers[${JSON.stringify(name)}]`;
    const field = deniedKey(container, deniedContainerFields);
    if (field !== undefined) return `spec.containers[${name}].${field}`;
  }
  for (const volume of listOf(volumes)) {
    const field = keysBeyond(volume, [...allowedVolumes]);
    if (field !== undefined) return `spec.volumes[${JSON.stringify(volume['name'])}].${field}`;
  }
  return undefined;
}

function labelField(metadata: unknown): string | undefined {
  const { labels } = (metadata ?? {}) as { readonly labels?: object };
  const label = Object.keys(labels ?? {}).find((key) => ourLabels.test(key));
  return label === undefined ? undefined : `metadata.labels[${label}]`;
}

function deniedKey(value: unknown, denied: ReadonlySet<string>): string | undefined {
  return Object.keys(value ?? {}).find((key) => denied.has(key));
}

function keysBeyond(value: unknown, allowed: readonly string[]): string | undefined {
  return Object.keys(value ?? {}).find((key) => !allowed.includes(key));
}

function firstKey(value: object): string | undefined {
  return Object.keys(value)[0];
}

function prefixed(prefix: string, key: string | undefined): string | undefined {
  return key === undefined ? undefined : `${prefix}.${key}`;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value.filter(isFields) : [];
}

function merged(base: unknown, change: unknown): unknown {
  if (Array.isArray(base) && Array.isArray(change)) return isNamedList(change) ? mergedByName(base, change) : change;
  if (!isFields(base) || !isFields(change)) return change;
  const kept = Object.entries(base).filter(([key]) => !(key in change));
  const changed = Object.entries(change).flatMap(([key, value]) =>
    value === null ? [] : [[key, merged(base[key], value)] as const],
  );
  return Object.fromEntries([...kept, ...changed]);
}

function isNamedList(list: readonly unknown[]): list is readonly Fields[] {
  return list.length > 0 && list.every((item) => isFields(item) && typeof item['name'] === 'string');
}

function mergedByName(base: readonly unknown[], change: readonly Fields[]): readonly unknown[] {
  const named = new Map(change.map((item) => [item['name'], item]));
  const kept = base.map((item) => {
    const other = isFields(item) ? named.get(item['name']) : undefined;
    if (isFields(item)) named.delete(item['name']);
    return other === undefined ? item : merged(item, other);
  });
  return [...kept, ...named.values()];
}
