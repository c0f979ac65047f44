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
      await kube
        .create(resourceOf<VDITemplate>(vdiTemplate), asIfApplied(template), options)
        .catch((error: unknown) => {
          // Written by hand before, or by a first start that was cut off.
          if (!isAlreadyExists(error)) throw error;
        });
    }
    const value = { metadata: { annotations: { [marker]: 'created' } } };
    await kube.patch(builtinResources.namespaces, namespace, { type: 'merge', value }, options);
    return {};
  },
};

/** What kubectl notes at an apply, so that an administrator's own apply of the same name takes away what it no longer says. */
function asIfApplied(template: VDITemplate): VDITemplate {
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': `${JSON.stringify(template)}\n` };
  return { ...template, metadata: { ...template.metadata, annotations } };
}
