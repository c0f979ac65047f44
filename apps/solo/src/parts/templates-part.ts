import { fieldManagers, type VDITemplate, vdiTemplate } from '@vdi/api';
import { builtinResources, isAlreadyExists, type KubeClient, resourceOf } from '@vdi/kube';
import type { Part } from '../part.ts';
import { starterTemplates } from '../templates/starter-templates.ts';

/** On the first namespace of sessions: the templates were made once, and whoever deletes one wants it gone. */
const marker = 'vdi.kasm.io/starter-templates';
const namespace = { name: 'vdi-sessions' };

/** The templates of a new installation, so that there is something to launch. */
export const templatesPart: Part<{ readonly kube: KubeClient }, object> = {
  name: 'the first templates',
  async start({ kube }) {
    const { metadata } = await kube.get(builtinResources.namespaces, namespace);
    if (metadata.annotations?.[marker] !== undefined) return {};
    const options = { fieldManager: fieldManagers.cli };
    for (const template of starterTemplates()) {
      await kube.create(resourceOf<VDITemplate>(vdiTemplate), template, options).catch((error: unknown) => {
        // Written by hand before, or by a first start that was cut off.
        if (!isAlreadyExists(error)) throw error;
      });
    }
    const value = { metadata: { annotations: { [marker]: 'created' } } };
    await kube.patch(builtinResources.namespaces, namespace, { type: 'merge', value }, options);
    return {};
  },
};
