import type { ConfigMapSource, DownwardItem, Pod, ProjectedSource, Volume } from '@vdi/kube';
import type { DataLookup } from '../pod/container-env.ts';
import { type PodFacts, podField } from '../pod/pod-field.ts';
import { resourceField } from '../pod/resource-field.ts';
import { VolumeError } from './volume-error.ts';

/** One file of a volume made of API objects. */
export interface VolumeFile {
  /** Relative, without `..`. */
  readonly path: string;
  readonly content: Buffer;
  readonly mode: number;
}

/** Kubernetes' default for files of such volumes. */
const usualMode = 0o644;

type Sources = DataLookup & { readonly pod: Pod; readonly facts: PodFacts };

/**
 * The files of a configMap, secret, downwardAPI or projected volume; undefined for volumes that are not made of files.
 * Throws `VolumeError` when an object or key is missing that is not optional.
 */
export function projectedFiles(volume: Volume, sources: Sources): readonly VolumeFile[] | undefined {
  const { configMap, secret, downwardAPI, projected } = volume;
  if (configMap !== undefined) return fromObject('configmap', configMap, configMap.defaultMode ?? usualMode, sources);
  if (secret !== undefined) {
    const { secretName = '', defaultMode = usualMode, ...rest } = secret;
    return fromObject('secret', { ...rest, name: secretName }, defaultMode, sources);
  }
  if (downwardAPI !== undefined) {
    return fromDownward(downwardAPI.items ?? [], downwardAPI.defaultMode ?? usualMode, sources);
  }
  if (projected === undefined) return undefined;
  const mode = projected.defaultMode ?? usualMode;
  // Of two sources with the same path the later one wins.
  const files = (projected.sources ?? []).flatMap((source) => fromSource(source, mode, sources));
  return [...new Map(files.map((file) => [file.path, file])).values()];
}

function fromSource(
  { configMap, secret, downwardAPI }: ProjectedSource,
  mode: number,
  sources: Sources,
): readonly VolumeFile[] {
  if (configMap !== undefined) return fromObject('configmap', configMap, mode, sources);
  if (secret !== undefined) return fromObject('secret', secret, mode, sources);
  return fromDownward(downwardAPI?.items ?? [], mode, sources);
}

function fromObject(
  kind: 'configmap' | 'secret',
  { name = '', items, optional }: ConfigMapSource,
  mode: number,
  sources: Sources,
): readonly VolumeFile[] {
  const data = kind === 'configmap' ? sources.configMap(name) : sources.secret(name);
  if (data === undefined) {
    if (optional === true) return [];
    throw new VolumeError(`${kind} "${name}" not found; create it, or mark the volume optional`);
  }
  if (items === undefined) return Object.entries(data).map(([path, content]) => file(path, content, mode));
  return items.flatMap((item) => {
    const content = data[item.key];
    if (content !== undefined) return [file(item.path, content, item.mode ?? mode)];
    if (optional === true) return [];
    throw new VolumeError(`${kind} "${name}" has no key "${item.key}"; add it, or mark the volume optional`);
  });
}

function fromDownward(items: readonly DownwardItem[], mode: number, sources: Sources): readonly VolumeFile[] {
  return items.map((item) => {
    const text =
      item.fieldRef === undefined
        ? resourceField(sources.pod, item.resourceFieldRef ?? { resource: '' }, undefined, sources.facts)
        : podField(sources.pod, item.fieldRef.fieldPath, sources.facts);
    return file(item.path, Buffer.from(text), item.mode ?? mode);
  });
}

function file(path: string, content: Buffer, mode: number): VolumeFile {
  if (path === '' || path.startsWith('/') || path.split('/').includes('..') || path.startsWith('..')) {
    throw new VolumeError(`the path "${path}" would lead out of the volume; use a relative one without ".."`);
  }
  return { path, content, mode };
}
