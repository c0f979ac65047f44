/** Rules of CustomResourceDefinitions. */
import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { isDnsLabel, isDnsSubdomain } from '../../registry/names.ts';
import { duplicate, forbidden, invalid, notSupported, required } from '../field-error.ts';
import { isObject, jsonEqual, listAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { parseJsonPath } from '../json-path.ts';
import { structuralErrors } from '../structural.ts';
import type { KindRules } from './kind-rules.ts';
import { DNS_LABEL_RULE } from './words.ts';

export const definitionRules: KindRules = {
  complete: (definition) => {
    const spec = objectAt(definition, 'spec');
    const kind = stringAt(spec['names'], 'kind') ?? '';
    const names = { singular: kind.toLowerCase(), listKind: `${kind}List`, ...objectAt(spec, 'names') };
    return { ...definition, spec: { ...spec, names } };
  },
  validate: (definition, old) => {
    const spec = objectAt(definition, 'spec');
    return [
      ...identityErrors(definition, spec),
      ...versionListErrors(spec),
      ...listAt(spec, 'versions').flatMap((version, index) =>
        versionErrors(version, `spec.versions[${index}]`, oldVersion(old, version)),
      ),
    ];
  },
};

function identityErrors(definition: KubernetesObject, spec: JsonObject): readonly FieldError[] {
  const names = objectAt(spec, 'names');
  const group = stringAt(spec, 'group') ?? '';
  const expected = `${stringAt(names, 'plural') ?? ''}.${group}`;
  const errors: FieldError[] = [];
  if (definition.metadata.name !== expected) {
    errors.push(
      invalid(
        'metadata.name',
        definition.metadata.name,
        `must be spec.names.plural+"."+spec.group: ${JSON.stringify(expected)}`,
      ),
    );
  }
  if (group !== '' && (!isDnsSubdomain(group) || !group.includes('.'))) {
    errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'));
  }
  if (!['Cluster', 'Namespaced'].includes(stringAt(spec, 'scope') ?? '')) {
    errors.push(notSupported('spec.scope', spec['scope'], ['Cluster', 'Namespaced']));
  }
  for (const field of ['plural', 'singular', 'kind', 'listKind']) {
    const name = stringAt(names, field) ?? '';
    if (name === '') errors.push(required(`spec.names.${field}`));
    else if (!isDnsLabel(name.toLowerCase())) errors.push(invalid(`spec.names.${field}`, name, DNS_LABEL_RULE));
  }
  if (names['kind'] === names['listKind'])
    errors.push(invalid('spec.names.listKind', names['listKind'], 'kind and listKind may not be the same'));
  if (spec['preserveUnknownFields'] === true) {
    errors.push(
      invalid(
        'spec.preserveUnknownFields',
        true,
        'must be false; set x-kubernetes-preserve-unknown-fields in the schema instead',
      ),
    );
  }
  if (stringAt(spec['conversion'], 'strategy') === 'Webhook') {
    errors.push(notSupported('spec.conversion.strategy', 'Webhook', ['None']));
  }
  return errors;
}

function versionListErrors(spec: JsonObject): readonly FieldError[] {
  const versions = listAt(spec, 'versions');
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, version] of versions.entries()) {
    const name = stringAt(version, 'name') ?? '';
    if (!isDnsLabel(name)) errors.push(invalid(`spec.versions[${index}].name`, name, DNS_LABEL_RULE));
    if (names.has(name)) errors.push(duplicate(`spec.versions[${index}].name`, name));
    names.add(name);
  }
  if (versions.filter((version) => version['storage'] === true).length !== 1) {
    errors.push(
      invalid(
        'spec.versions',
        versions.map(({ name }) => name),
        'must have exactly one version marked as storage version',
      ),
    );
  }
  return errors;
}

function oldVersion(old: KubernetesObject | undefined, version: JsonObject): JsonObject | undefined {
  return listAt(old?.['spec'], 'versions').find(({ name }) => name === version['name']);
}

function versionErrors(version: JsonObject, path: string, old: JsonObject | undefined): readonly FieldError[] {
  const schema = objectAt(version, 'schema')['openAPIV3Schema'];
  const errors: FieldError[] = [];
  if (!isObject(schema)) errors.push(required(`${path}.schema.openAPIV3Schema`, 'schemas are required'));
  else if (!jsonEqual(schema, objectAt(old, 'schema')['openAPIV3Schema'])) {
    errors.push(
      ...structuralErrors(schema, `${path}.schema.openAPIV3Schema`),
      ...metadataErrors(schema, `${path}.schema.openAPIV3Schema`),
    );
  }
  for (const [index, column] of listAt(version, 'additionalPrinterColumns').entries()) {
    errors.push(...columnErrors(column, `${path}.additionalPrinterColumns[${index}]`));
  }
  for (const [index, field] of listAt(version, 'selectableFields').entries()) {
    errors.push(...pathErrors(field['jsonPath'], `${path}.selectableFields[${index}].jsonPath`));
  }
  const scale = objectAt(version, 'subresources')['scale'];
  return isObject(scale) ? [...errors, ...scaleErrors(scale, `${path}.subresources.scale`)] : errors;
}

/** Names and labels are the server's; a definition may only narrow names. */
function metadataErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const metadata = objectAt(objectAt(schema, 'properties'), 'metadata');
  const words = Object.keys(objectAt(metadata, 'properties')).filter(
    (name) => name !== 'name' && name !== 'generateName',
  );
  return words.map((word) =>
    forbidden(
      `${path}.properties[metadata].properties[${word}]`,
      'only metadata.name and metadata.generateName can be restricted',
    ),
  );
}

const COLUMN_TYPES = ['boolean', 'date', 'integer', 'number', 'string'];

function columnErrors(column: JsonObject, path: string): readonly FieldError[] {
  const errors = [...pathErrors(column['jsonPath'], `${path}.jsonPath`)];
  if (!stringAt(column, 'name')) errors.push(required(`${path}.name`));
  if (!COLUMN_TYPES.includes(stringAt(column, 'type') ?? ''))
    errors.push(notSupported(`${path}.type`, column['type'], COLUMN_TYPES));
  return errors;
}

function scaleErrors(scale: JsonObject, path: string): readonly FieldError[] {
  const wrong = (field: string, prefixes: readonly string[]) => {
    const value = stringAt(scale, field);
    if (value === undefined) return field === 'labelSelectorPath' ? [] : [required(`${path}.${field}`)];
    const isRight = prefixes.some((prefix) => value.startsWith(prefix)) && !value.includes('[');
    return isRight ? [] : [invalid(`${path}.${field}`, value, `should be a json path under ${prefixes.join(' or ')}`)];
  };
  return [
    ...wrong('specReplicasPath', ['.spec.']),
    ...wrong('statusReplicasPath', ['.status.']),
    ...wrong('labelSelectorPath', ['.spec.', '.status.']),
  ];
}

function pathErrors(path: unknown, field: string): readonly FieldError[] {
  if (typeof path !== 'string' || path === '') return [required(field)];
  try {
    parseJsonPath(path);
    return [];
  } catch (error) {
    return [invalid(field, path, error instanceof Error ? error.message : String(error))];
  }
}
