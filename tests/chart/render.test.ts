import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { defaultSettings } from '@vdi/operator';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { starterTemplates } from '../../apps/solo/src/templates/starter-templates.ts';
import { allOf, type ChartObject, one, title, workloads } from './chart-object.ts';
import { chartFolder, lint, render, renderText, type Values } from './helm.ts';
import { full, installations } from './installations.ts';

const chart = parse(readFileSync(join(chartFolder, 'Chart.yaml'), 'utf8')) as Readonly<Record<string, string>>;

describe.each(Object.entries(installations))('the chart for %s', (_who, values) => {
  it('passes helm lint without a warning', () => {
    const { status, output } = lint(values);
    expect(output).not.toMatch(/\[(WARNING|ERROR)\]/);
    expect(status, output).toBe(0);
  });

  it('renders each object once and with the labels of Helm', () => {
    expect(renderText(values)).not.toMatch(/\n[ \t]*\n/);
    const objects = render(values);
    expect(new Set(objects.map(title)).size).toBe(objects.length);
    for (const object of objects) {
      expect(object.metadata.labels, title(object)).toMatchObject({
        'helm.sh/chart': `vdi-operator-${chart['version']}`,
        'app.kubernetes.io/name': 'vdi-operator',
        'app.kubernetes.io/instance': 'vdi',
        'app.kubernetes.io/version': chart['appVersion'],
        'app.kubernetes.io/managed-by': 'Helm',
      });
    }
  });

  it('names no image but those of the values', () => {
    const images = workloads(render(values)).flatMap(({ spec }) => spec.template.spec.containers.map((c) => c.image));
    const {
      registry = 'localhost',
      tag = chart['appVersion'],
      control,
    } = (values['images'] ?? {}) as {
      readonly registry?: string;
      readonly tag?: string;
      readonly control?: { readonly digest?: string };
    };
    const end = control?.digest === undefined ? `:${tag}` : `@${control.digest}`;
    expect(new Set(images)).toEqual(new Set([`${registry}/vdi-operator/control${end}`]));
  });

  it('holds no secret', () => {
    const objects = render(values);
    expect(allOf(objects, 'Secret')).toEqual([]);
    const literal = workloads(objects)
      .flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env = [] }) => env))
      .filter(
        ({ name, value }) =>
          /(SECRET|PASSWORD|KEYS?|TOKEN)(_|$)/.test(name) && !name.endsWith('_ALGORITHM') && value !== undefined,
      );
    // Names of Secrets and paths of files: never what is in them.
    for (const { value } of literal) expect(value).toMatch(/^(vdi-[a-z-]+|\/etc\/vdi\/oidc\/[a-z-]+)$/);
  });
});

describe('the chart', () => {
  it('is of the version of the project', () => {
    const manifest = JSON.parse(readFileSync(resolve(chartFolder, '../../package.json'), 'utf8')) as {
      version: string;
    };
    expect([chart['version'], chart['appVersion']]).toEqual([manifest.version, manifest.version]);
  });

  it('makes the templates of a new standalone installation, with the image of the values', () => {
    const made = allOf(render(full), 'VDITemplate');
    expect(made.map(({ metadata, spec }) => ({ name: metadata.name, spec })).toSorted(byName)).toEqual(
      starterTemplates()
        .map(({ metadata, spec }) => ({
          name: metadata.name,
          spec: { ...spec, image: `localhost/vdi-operator/desktop:${chart['appVersion']}` },
        }))
        .toSorted(byName),
    );
  });

  it('lets templates pull with the Secrets of the values', () => {
    const [template] = allOf(render(installations['images in a registry'] as Values), 'VDITemplate');
    expect(template?.spec).toMatchObject({
      image: 'registry.example.com:5000/desktops/vdi-operator/desktop:1.2.3',
      imagePullSecrets: [{ name: 'registry' }],
    });
  });

  it('restarts the operator when its settings change, and nobody when only the chart is newer', () => {
    const before = render(full);
    const after = render({ ...full, gpu: { runtimeClassName: 'nvidia' } });
    const pods = (objects: readonly ChartObject[], name: string) => one(objects, 'Deployment', name).spec.template;
    expect(pods(after, 'vdi-operator')).not.toEqual(pods(before, 'vdi-operator'));
    expect(pods(after, 'vdi-gateway')).toEqual(pods(before, 'vdi-gateway'));
    for (const { spec } of workloads(before)) expect(spec.template.metadata.labels).not.toHaveProperty('helm.sh/chart');
  });

  it('keeps, when it is removed, everything that a session or a home needs', () => {
    const kept = render(full)
      .filter(({ metadata }) => metadata.annotations?.['helm.sh/resource-policy'] === 'keep')
      .map(({ kind }) => kind);
    expect(new Set(kept)).toEqual(new Set(['Namespace', 'NetworkPolicy', 'StorageClass', 'VDITemplate']));
    expect(render(full).some(({ kind }) => kind === 'CustomResourceDefinition')).toBe(false);
  });

  it("lets the operator's own settings through, over those that it makes", () => {
    const schema = JSON.parse(readFileSync(join(chartFolder, 'values.schema.json'), 'utf8')) as {
      properties: { operator: { properties: { settings: { properties: object } } } };
    };
    expect(Object.keys(schema.properties.operator.properties.settings.properties)).toEqual(
      Object.keys(defaultSettings).toSorted(),
    );
  });
});

interface Named {
  readonly name: string | undefined;
}

function byName(a: Named, b: Named): number {
  return (a.name ?? '').localeCompare(b.name ?? '');
}
