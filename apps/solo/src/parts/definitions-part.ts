import { crdManifests } from '@vdi/api';
import { builtinResources, type KubeClient } from '@vdi/kube';
import type { Part } from '../part.ts';

/** The namespaces in which sessions live: see `docs/architecture.md`. */
export const sessionNamespaces = ['vdi-sessions', 'vdi'] as const;

/** Our kinds and namespaces, applied through the API as in any other cluster. */
export const definitionsPart: Part<{ readonly kube: KubeClient }, object> = {
  name: 'the desktop kinds',
  async start({ kube }) {
    for (const manifest of crdManifests()) {
      await kube.apply(builtinResources.customResourceDefinitions, manifest);
    }
    for (const name of sessionNamespaces) await kube.apply(builtinResources.namespaces, { metadata: { name } });
    return {};
  },
};
