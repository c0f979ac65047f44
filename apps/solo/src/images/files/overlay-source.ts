import type { ImageRecipe } from '../recipe/image-recipe.ts';
import type { LayerSource } from './layer-source.ts';
import { readTree, treeFingerprint } from './read-tree.ts';

/** The files that lie beside the recipe. */
export async function overlaySource(recipe: ImageRecipe): Promise<LayerSource> {
  const files = (await Promise.all(recipe.files.map(async (folder) => await readTree(folder, '')))).flat();
  return { name: 'settings', fingerprint: await treeFingerprint(files), collect: async () => files };
}
