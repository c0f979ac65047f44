import type { ImageRecipe, ProgramName } from '../recipe/image-recipe.ts';
import { browserProgramSource } from './browser-program-source.ts';
import type { LayerSource } from './layer-source.ts';
import { nativePackages, nativePackagesSource } from './native-packages-source.ts';
import { nodeProgramSource } from './node-program-source.ts';
import { nodeSource } from './node-source.ts';
import { overlaySource } from './overlay-source.ts';

const sourceOf: Readonly<Record<ProgramName, (checkout: string) => Promise<LayerSource>>> = {
  node: async (checkout) => nodeSource(checkout),
  'native-packages': async (checkout) => nativePackagesSource(checkout),
  agent: (checkout) => nodeProgramSource(checkout, { name: 'agent', title: 'display agent', external: nativePackages }),
  viewer: (checkout) => browserProgramSource(checkout, 'viewer'),
  operator: (checkout) => nodeProgramSource(checkout, { name: 'operator', title: 'operator' }),
  gateway: (checkout) => nodeProgramSource(checkout, { name: 'gateway', title: 'gateway' }),
  dashboard: (checkout) => browserProgramSource(checkout, 'dashboard'),
};

/** Not of this project, so that they change only with their versions. */
const foreign: readonly ProgramName[] = ['node', 'native-packages'];

/** The layers of an image above Debian's: what changes least lies lowest. */
export async function layerSources(recipe: ImageRecipe, checkout: string): Promise<readonly LayerSource[]> {
  const sourcesOf = (names: readonly ProgramName[]): Promise<readonly LayerSource[]> =>
    Promise.all(names.map((name) => sourceOf[name](checkout)));
  return [
    ...(await sourcesOf(recipe.programs.filter((name) => foreign.includes(name)))),
    await overlaySource(recipe),
    ...(await sourcesOf(recipe.programs.filter((name) => !foreign.includes(name)))),
  ];
}
