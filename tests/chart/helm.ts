import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { findProgram } from '../../tools/kubectl.ts';
import type { ChartObject } from './chart-object.ts';

/** Values as in a file for `helm install --values`. */
export type Values = Readonly<Record<string, unknown>>;

export const chartFolder = resolve(import.meta.dirname, '../../charts/vdi-operator');
/** The release that every test renders. */
export const release = { name: 'vdi', namespace: 'vdi-system' } as const;

const helm = findProgram('helm');
const renderArguments = [release.name, chartFolder, '--namespace', release.namespace, '--values', '-'];
const patience = { timeout: 60_000, maxBuffer: 64 * 2 ** 20, encoding: 'utf8' } as const;

/** What a person reads when helm refuses, or undefined when it renders. */
export function refusalOf(values: Values): string | undefined {
  const { status, stderr } = spawnSync(helm, ['template', ...renderArguments], {
    ...patience,
    input: JSON.stringify(values),
  });
  return status === 0 ? undefined : stderr;
}

/** The objects that these values make. Throws with helm's words when they make none. */
export function render(values: Values): readonly ChartObject[] {
  return parseAllDocuments(renderText(values))
    .map((document) => document.toJS() as ChartObject | null)
    .filter((object) => object !== null);
}

const rendered = new Map<string, string>();

/** The same as text. Kept, because many tests look at the same installations. */
export function renderText(values: Values): string {
  const input = JSON.stringify(values);
  const text = rendered.get(input) ?? execFileSync(helm, ['template', ...renderArguments], { ...patience, input });
  rendered.set(input, text);
  return text;
}

/** Runs `helm lint --strict`, which takes warnings for failures. */
export function lint(values: Values): { readonly status: number | null; readonly output: string } {
  const { status, stdout, stderr } = spawnSync(helm, ['lint', '--strict', chartFolder, '--values', '-'], {
    ...patience,
    input: JSON.stringify(values),
  });
  return { status, output: stdout + stderr };
}
