import { kinds, objectSchema } from '@vdi/api';
import { describe, expect, it } from 'vitest';
import { kindPage } from './kind-page.ts';

describe.each(kinds)('the page of $kind', (kind) => {
  const page = kindPage(kind);

  it('has rows of equal width', () => {
    const tables = page
      .trimEnd()
      .split('\n\n')
      .filter((block) => block.startsWith('| '));
    expect(tables.length).toBe(3);
    for (const block of tables) {
      const widths = new Set(block.split('\n').map((row) => row.match(/(?<!\\)\|/g)?.length));
      expect(widths.size).toBe(1);
    }
  });

  it('says what a missing field means, or that it may not be missing', () => {
    const spec = objectSchema(kind)['properties'] as Readonly<Record<string, { readonly properties: object }>>;
    for (const name of Object.keys(spec['spec']?.properties ?? {})) expect(page).toContain(`| \`spec.${name}\` |`);
    const silent = page
      .split('\n')
      .filter((row) => row.startsWith('| `spec.') && / \| {2}\| /.test(row))
      .filter((row) => !/ \| object(?: \(any fields\))? \| | \| map of strings \| | list of object /.test(row))
      .map((row) => row.split('`')[1]);
    expect(silent).toEqual([]);
  });
});
