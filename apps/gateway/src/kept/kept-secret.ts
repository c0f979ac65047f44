import { fieldManagers } from '@vdi/api';
import {
  builtinResources,
  isAlreadyExists,
  isConflict,
  isNotFound,
  type KubeClient,
  type KubeObject,
  type KubeResource,
} from '@vdi/kube';
import type { KeptText } from './kept-text.ts';

interface Secret extends KubeObject {
  readonly type?: string;
  /** Base64. */
  readonly data?: Readonly<Record<string, string>>;
}

const secrets = builtinResources.secrets as KubeResource<Secret>;
const options = { fieldManager: fieldManagers.gateway };
/** How often a write that met another one is decided again. */
const attempts = 5;

/**
 * A field of a Secret that is read, created and patched by its name alone: no right to list Secrets is needed. Several
 * texts may share one Secret; none ever replaces another.
 */
export function keptSecret(
  kube: KubeClient,
  name: { readonly namespace: string; readonly name: string },
  field: string,
): KeptText {
  const found = async (): Promise<Secret | undefined> =>
    await kube.get(secrets, name).catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  const keepOnce = async (text: string): Promise<string> => {
    const data = { [field]: Buffer.from(text, 'utf8').toString('base64') };
    const secret = await found();
    const kept = secret?.data?.[field];
    if (kept !== undefined) return decoded(kept);
    if (secret === undefined) {
      await kube.create(secrets, { apiVersion: 'v1', kind: 'Secret', metadata: name, type: 'Opaque', data }, options);
    } else {
      // Only if nobody wrote since: the field may be there by then.
      const { resourceVersion } = secret.metadata;
      await kube.patch(secrets, name, { type: 'merge', value: { metadata: { resourceVersion }, data } }, options);
    }
    return text;
  };
  return {
    place: `Secret ${name.namespace}/${name.name}, field "${field}"`,
    async read() {
      const kept = (await found())?.data?.[field];
      return kept === undefined ? undefined : decoded(kept);
    },
    async keep(text) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await keepOnce(text);
        } catch (error) {
          const isRace = isAlreadyExists(error) || isConflict(error);
          if (!isRace || attempt === attempts) throw error;
        }
      }
    },
  };
}

function decoded(base64: string): string {
  return Buffer.from(base64, 'base64').toString('utf8');
}
