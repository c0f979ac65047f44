import { mkdtempDisposableSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bootstrapArguments } from '../system/bootstrap-system.ts';
import { installScript } from '../system/container-system.ts';
import { systemFingerprint } from '../system/system-layer.ts';
import { readImageRecipe } from './image-recipe.ts';

const images = join(import.meta.dirname, '../../../../../images');

describe('the recipes of this project', () => {
  it.each(['control', 'desktop', 'display'])('%s is complete, and its containers need no root', (name) => {
    const recipe = readImageRecipe(join(images, name, 'image.yaml'));
    expect(recipe.name).toBe(name);
    expect(recipe.config.user).toBe('1000:1000');
    expect(recipe.packages).toEqual([...recipe.packages].sort());
  });

  it('install the same packages and leave out the same files, in a container as with mmdebstrap', () => {
    const recipe = readImageRecipe(join(images, 'display', 'image.yaml'));
    const script = installScript(recipe);
    const bootstrap = bootstrapArguments({ recipe, downloads: "/it's/here" }, true);
    expect(bootstrap).toContain(`--include=${recipe.packages.join(',')}`);
    expect(script).toContain(` ${recipe.packages.join(' ')}\n`);
    for (const path of recipe.leaveOut) {
      expect(bootstrap).toContain(`--dpkgopt=path-exclude=${path}`);
      expect(script).toContain(`\npath-exclude ${path}\n`);
    }
    expect(bootstrap).toContain(`--customize-hook=sync-out /var/cache/apt/archives '/it'\\''s/here'`);
  });

  it('have another system layer when a package or a setup script changes, and the same one otherwise', async () => {
    using work = mkdtempDisposableSync(join(tmpdir(), 'vdi-recipe-'));
    const script = join(work.path, 'setup.sh');
    writeFileSync(script, 'true');
    const recipe = { ...readImageRecipe(join(images, 'display', 'image.yaml')), setup: [script] };
    const print = await systemFingerprint(recipe);
    expect(await systemFingerprint({ ...recipe, config: { ...recipe.config, user: '0:0' } })).toBe(print);
    expect(await systemFingerprint({ ...recipe, packages: [...recipe.packages, 'nano'] })).not.toBe(print);
    writeFileSync(script, 'false');
    expect(await systemFingerprint(recipe)).not.toBe(print);
  });
});

describe('a wrong recipe', () => {
  it.each([
    { wrong: 'name: [', says: 'Flow sequence' },
    { wrong: 'name: x\nsummary: y\npackages: nano', says: 'packages is no list of texts' },
    { wrong: 'name: x\nsummary: y\nprograms: [browser]', says: 'browser is not one of node, native-packages, agent' },
    { wrong: 'summary: y', says: 'name is missing' },
  ])('is refused with a word about $says', ({ wrong, says }) => {
    using work = mkdtempDisposableSync(join(tmpdir(), 'vdi-recipe-'));
    const path = join(work.path, 'image.yaml');
    writeFileSync(path, wrong);
    expect(() => readImageRecipe(path)).toThrow(says);
  });
});
