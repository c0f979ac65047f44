import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const graphqlSchema = 'apps/gateway/schema.graphql';
let copy: string;

/** The generator writes beside itself, so it is tried in a copy of what it reads. */
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'vdi-generate-'));
  writeFileSync(join(copy, 'package.json'), '{ "type": "module" }');
  mkdirSync(join(copy, 'tools'));
  for (const file of ['tools/generate.ts', 'tools/dashboard-schema.ts', graphqlSchema])
    cpSync(join(root, file), join(copy, file));
  cpSync(join(root, 'tools/reference'), join(copy, 'tools/reference'), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
});

afterEach(() => rmSync(copy, { recursive: true, force: true }));

const generate = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(copy, 'tools/generate.ts'), ...args], { encoding: 'utf8', timeout: 15_000 });

const stale = (stderr: string): readonly string[] =>
  [...stderr.matchAll(/^(\S+) is not what/gm)].map(([, path]) => path ?? '');

describe('the generator', () => {
  it('lists every file when nothing is there, writes nothing, and fails', () => {
    const { status, stderr } = generate('--check');
    expect(status).toBe(1);
    expect(stale(stderr)).toContain('charts/vdi-operator/crds/vdisessions.vdi.kasm.io.yaml');
    expect(stale(stderr)).toContain('docs/reference/conditions.md');
    expect(stale(generate('--check').stderr)).toEqual(stale(stderr));
  });

  it('writes what the repository holds', () => {
    const written = [...generate().stdout.matchAll(/^wrote (\S+)$/gm)].map(([, path]) => path ?? '');
    expect(written).toHaveLength(11);
    for (const path of written)
      expect(readFileSync(join(copy, path), 'utf8')).toBe(readFileSync(join(root, path), 'utf8'));
    expect(generate('--check')).toMatchObject({ status: 0, stderr: '' });
  });

  it('names the one file that was edited by hand, and mends it', () => {
    generate();
    const page = join(copy, 'docs/reference/vdisession.md');
    writeFileSync(page, `${readFileSync(page, 'utf8')}edited`);
    expect(stale(generate('--check').stderr)).toEqual(['docs/reference/vdisession.md']);
    expect(generate().stdout.trim()).toBe('wrote docs/reference/vdisession.md');
    expect(generate('--check').status).toBe(0);
  });

  it('notices that the schema of the gateway has changed', () => {
    generate();
    const schema = join(copy, graphqlSchema);
    writeFileSync(schema, readFileSync(schema, 'utf8').replace('encoder: String', 'encoder: Int'));
    const { status, stderr } = generate('--check');
    expect(stale(stderr)).toEqual(['apps/dashboard/src/graphql/schema-types.d.ts']);
    expect([status, stderr]).toEqual([1, expect.stringContaining(`is not what ${graphqlSchema} describes`)]);
  });
});
