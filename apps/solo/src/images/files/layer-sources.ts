import type { ImageRecipe, ProgramName } from '../recipe/image-recipe.ts';
import { agentSource } from './agent-source.ts';
import type { LayerSource } from './layer-source.ts';
import { nodeSource } from './node-source.ts';
import { overlaySource } from './overlay-source.ts';
import { viewerSource } from './viewer-source.ts';

const sourceOf: Readonly<Record<ProgramName, (checkout: string) => Promise<LayerSource>>> = {
  node: async (checkout) => nodeSource(checkout),
  agent: agentSource,
  viewer: viewerSource,
};

/** The layers of an image above Debian's: what changes least lies lowest. */
export async function layerSources(recipe: ImageRecipe, checkout: string): Promise<readonly LayerSource[]> {
  const programs = await Promise.all(recipe.programs.map((name) => sourceOf[name](checkout)));
  const [node, ...built] = programs;
  const overlay = await overlaySource(recipe);
  return node === undefined ? [overlay] : [node, overlay, ...built];
}
