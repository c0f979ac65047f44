import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseQuantity } from '@vdi/api';
import type { Pod, Volume } from '@vdi/kube';
import { uidOf } from '../objects/pod.ts';
import type { DataLookup } from '../pod/container-env.ts';
import type { PodFacts } from '../pod/pod-field.ts';
import { makeMemoryFolder, memoryFoldersOf, removeMemoryFolders } from './memory-folder.ts';
import { projectedFiles } from './projected-files.ts';
import { VolumeError } from './volume-error.ts';
import { writeProjectedFolder } from './write-projected-folder.ts';

/** What volumes are made from. */
export interface VolumeSources extends DataLookup {
  /** The folder of a bound claim, or why there is none. Throws `VolumeError`. */
  claimFolder(pod: Pod, claimName: string): string;
  facts(pod: Pod): PodFacts;
}

/** The folders behind the volumes of Pods, all below one folder. */
export class PodVolumes {
  readonly #root: string;
  readonly #sources: VolumeSources;
  readonly #isRoot: boolean;

  constructor(root: string, sources: VolumeSources, isRoot: boolean) {
    this.#root = root;
    this.#sources = sources;
    this.#isRoot = isRoot;
  }

  /** Makes all volumes of a Pod and returns their folders by name. Repeating it changes nothing. Throws `VolumeError`. */
  async prepare(pod: Pod): Promise<Readonly<Record<string, string>>> {
    const folders: Record<string, string> = {};
    for (const volume of pod.spec.volumes ?? []) folders[volume.name] = await this.#make(pod, volume);
    return folders;
  }

  /** Brings the files made of API objects up to date while the Pod runs. */
  refresh(pod: Pod): void {
    for (const volume of pod.spec.volumes ?? []) this.#writeFiles(pod, volume);
  }

  /** The UIDs of Pods that something is left of. */
  uids(): readonly string[] {
    return existsSync(this.#root) ? readdirSync(this.#root) : [];
  }

  /** Takes away everything of a Pod. Homes are elsewhere and stay. */
  async remove(uid: string): Promise<void> {
    const folder = join(this.#root, uid);
    await removeMemoryFolders(folder, this.#isRoot);
    rmSync(folder, { recursive: true, force: true });
  }

  async #make(pod: Pod, volume: Volume): Promise<string> {
    if (volume.persistentVolumeClaim !== undefined) {
      const folder = this.#sources.claimFolder(pod, volume.persistentVolumeClaim.claimName);
      this.#own(folder, pod, { isHome: true });
      return folder;
    }
    if (volume.emptyDir !== undefined) return await this.#makeEmpty(pod, volume.name, volume.emptyDir);
    return this.#writeFiles(pod, volume) ?? this.#makeEmpty(pod, volume.name, {});
  }

  async #makeEmpty(pod: Pod, name: string, source: NonNullable<Volume['emptyDir']>): Promise<string> {
    const fsGroup = pod.spec.securityContext?.fsGroup;
    if (source.medium === 'Memory') {
      const path = join(memoryFoldersOf(join(this.#root, uidOf(pod))), name);
      const sizeLimit = source.sizeLimit === undefined ? undefined : parseQuantity(source.sizeLimit);
      return await makeMemoryFolder({ path, sizeLimit, mode: 0o1777, group: fsGroup }, this.#isRoot);
    }
    const folder = join(this.#root, uidOf(pod), 'empty', name);
    if (existsSync(folder)) return folder;
    mkdirSync(folder, { recursive: true });
    this.#own(folder, pod, { isHome: false });
    return folder;
  }

  #writeFiles(pod: Pod, volume: Volume): string | undefined {
    const files = projectedFiles(volume, {
      pod,
      facts: this.#sources.facts(pod),
      configMap: (name) => this.#sources.configMap(`${pod.metadata.namespace}/${name}`),
      secret: (name) => this.#sources.secret(`${pod.metadata.namespace}/${name}`),
    });
    if (files === undefined) return undefined;
    const folder = join(this.#root, uidOf(pod), 'files', volume.name);
    writeProjectedFolder(folder, files, {
      fsGroup: pod.spec.securityContext?.fsGroup,
      mayChangeOwner: this.#isRoot,
    });
    return folder;
  }

  /** Gives a folder to the Pod's group, as `fsGroup` promises; a home also to its user, but only while it is new. */
  #own(folder: string, { spec }: Pod, { isHome }: { readonly isHome: boolean }): void {
    const { fsGroup, runAsUser = 0 } = spec.securityContext ?? {};
    if (!this.#isRoot) {
      // The folder above is closed, so that only containers that mount this one reach it.
      chmodSync(folder, 0o777);
      return;
    }
    const { uid, gid } = statSync(folder);
    if (isHome && (uid !== 0 || (fsGroup !== undefined && gid === fsGroup))) return;
    try {
      chownSync(folder, isHome ? runAsUser : 0, fsGroup ?? gid);
      chmodSync(folder, isHome ? 0o2770 : fsGroup === undefined ? 0o777 : 0o2777);
    } catch (error) {
      throw new VolumeError(`the folder ${folder} could not be given to the Pod: ${String(error)}`);
    }
  }
}
