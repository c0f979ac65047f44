import { describe, expect, it } from 'vitest';

import { builtinResources } from '../resource/builtin-resources.ts';
import { customResources } from '../resource/custom-resources.ts';
import { aggregatedDiscovery, apiGroupList, apiResourceList } from './discovery.ts';
import { openApiV2, openApiV3, openApiV3Index } from './openapi.ts';

const custom = customResources({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'desks.vdi.example.com' },
  spec: {
    group: 'vdi.example.com',
    scope: 'Cluster',
    names: { plural: 'desks', singular: 'desk', kind: 'Desk', listKind: 'DeskList' },
    versions: ['v1', 'v1beta1'].map((name) => ({
      name,
      served: true,
      storage: name === 'v1',
      subresources: { status: {} },
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: {
            spec: { type: 'object', properties: { user: { type: 'string', description: 'Who sits here.' } } },
          },
        },
      },
    })),
  },
});
const resources = [...builtinResources(), ...custom];

function references(value: unknown): readonly string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"#\/(?:components\/schemas|definitions)\/([^"]+)"/g)].map(
    (match) => match[1] ?? '',
  );
}

describe('OpenAPI 3', () => {
  it('names one document for each group version, with a hash of what it serves', () => {
    const { paths } = openApiV3Index(resources);
    expect(paths['apis/vdi.example.com/v1']?.serverRelativeURL).toMatch(
      /^\/openapi\/v3\/apis\/vdi\.example\.com\/v1\?hash=[0-9A-F]{32}$/,
    );
    expect(paths['api/v1']?.serverRelativeURL).toBe(
      openApiV3Index(builtinResources()).paths['api/v1']?.serverRelativeURL,
    );
  });

  it('refers only to what it contains, whatever the group', () => {
    for (const { group, version } of resources) {
      const document = openApiV3(resources, group, version);
      const missing = references(document).filter((name) => !(name in document.components.schemas));
      expect(missing).toEqual([]);
    }
  });

  it('says how lists merge', () => {
    const { components } = openApiV3(resources, '', 'v1');
    expect(components.schemas['io.k8s.api.core.v1.Container']?.['properties']).toMatchObject({
      ports: {
        'x-kubernetes-list-type': 'map',
        'x-kubernetes-list-map-keys': ['containerPort', 'protocol'],
        'x-kubernetes-patch-strategy': 'merge',
        'x-kubernetes-patch-merge-key': 'containerPort',
      },
      command: { 'x-kubernetes-list-type': 'atomic' },
    });
  });

  it('says which kinds can be patched how, and that writes can be tried', () => {
    const { paths } = openApiV3(resources, 'apps', 'v1');
    const { patch } = paths['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'] as {
      patch: Record<string, unknown>;
    };
    expect(patch).toMatchObject({
      'x-kubernetes-action': 'patch',
      'x-kubernetes-group-version-kind': { group: 'apps', kind: 'Deployment', version: 'v1' },
      requestBody: { content: { 'application/strategic-merge-patch+json': {}, 'application/apply-patch+yaml': {} } },
    });
    expect(patch['parameters']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'fieldValidation', in: 'query' }),
        expect.objectContaining({ name: 'dryRun' }),
      ]),
    );
  });

  it('describes custom resources under the reversed name of their group, without strategic merge', () => {
    const { components, paths } = openApiV3(resources, 'vdi.example.com', 'v1');
    expect(components.schemas['com.example.vdi.v1.Desk']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'vdi.example.com', kind: 'Desk', version: 'v1' }],
      properties: { spec: { properties: { user: { description: 'Who sits here.' } } } },
    });
    const { patch } = paths['/apis/vdi.example.com/v1/desks/{name}'] as { patch: { requestBody: { content: object } } };
    expect(Object.keys(patch.requestBody.content)).not.toContain('application/strategic-merge-patch+json');
  });
});

it('OpenAPI 2 holds everything and refers to nothing else', () => {
  const document = openApiV2(resources);
  expect(references(document).filter((name) => !(name in document.definitions))).toEqual([]);
  expect(document.definitions['com.example.vdi.v1.Desk']).toBeDefined();
  expect(JSON.stringify(document)).not.toContain('"oneOf"');
});

describe('discovery', () => {
  it('prefers the most stable version of a group', () => {
    const group = apiGroupList(resources).groups.find(({ name }) => name === 'vdi.example.com');
    expect(group).toMatchObject({
      versions: [{ version: 'v1' }, { version: 'v1beta1' }],
      preferredVersion: { groupVersion: 'vdi.example.com/v1' },
    });
  });

  it('lists resources with their subresources', () => {
    const list = apiResourceList(resources, '', 'v1');
    expect(list.groupVersion).toBe('v1');
    expect(list.resources).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          name: 'pods',
          singularName: 'pod',
          shortNames: ['po'],
          categories: ['all'],
          namespaced: true,
        }),
        expect.objectContaining({
          name: 'pods/eviction',
          kind: 'Eviction',
          group: 'policy',
          version: 'v1',
          verbs: ['create'],
        }),
      ]),
    );
  });

  it('tells everything in one document', () => {
    expect(aggregatedDiscovery(resources, 'api').items).toMatchObject([
      { metadata: {}, versions: [{ version: 'v1' }] },
    ]);
    const desk = aggregatedDiscovery(resources, 'apis').items.find(
      ({ metadata }) => 'name' in metadata && metadata.name === 'vdi.example.com',
    );
    expect(desk?.versions[0]?.resources).toEqual([
      expect.objectContaining({
        resource: 'desks',
        scope: 'Cluster',
        subresources: [expect.objectContaining({ subresource: 'status' })],
      }),
    ]);
  });
});
