/** Structural schemas (KEP-2335): what a CustomResourceDefinition's schema must be, so that pruning and defaulting are well defined. */
import type { FieldError } from '../api-error.ts';
import { ruleProblem } from './cel.ts';
import { childPath, forbidden, invalid, notSupported, required } from './field-error.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { shape } from './shape.ts';
import { patternOf, validate } from './validate.ts';

const TYPES = ['array', 'boolean', 'integer', 'number', 'object', 'string'];
const FORBIDDEN = [
  '$ref',
  'definitions',
  'dependencies',
  'deprecated',
  'discriminator',
  'id',
  'patternProperties',
  'readOnly',
  'writeOnly',
  'xml',
];
const JUNCTORS = ['allOf', 'anyOf', 'oneOf'];
/** What may not be said inside `allOf`, `anyOf`, `oneOf` and `not`: those restrict values, they do not describe them. */
const OUTSIDE_JUNCTORS = ['additionalProperties', 'default', 'description', 'nullable', 'title', 'type'];

/** What is wrong with a schema at `path`, such as `spec.versions[0].schema.openAPIV3Schema`. */
export function structuralErrors(schema: JsonObject, path: string): readonly FieldError[] {
  if (schema['type'] !== 'object') {
    return [
      schema['type'] === undefined
        ? required(`${path}.type`, 'must not be empty at the root')
        : invalid(`${path}.type`, schema['type'], 'must be object at the root'),
    ];
  }
  const errors = nodeErrors(schema, path);
  // A rule is checked against the types of the schema, which must be sound for that.
  return errors.length > 0 ? errors : nestedRuleErrors(schema, path);
}

function nodeErrors(schema: JsonObject, path: string): readonly FieldError[] {
  return [
    ...typeErrors(schema, path),
    ...wordErrors(schema, path),
    ...listErrors(schema, path),
    ...junctorErrors(schema, path),
    ...childErrors(schema, path),
    ...defaultErrors(schema, path),
  ];
}

function typeErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const { type } = schema;
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  if (type === undefined || type === '') {
    const mayBeAnything = isIntOrString || schema['x-kubernetes-preserve-unknown-fields'] === true;
    return mayBeAnything ? [] : [required(`${path}.type`, 'must not be empty for specified object fields')];
  }
  if (!TYPES.includes(type as string)) return [notSupported(`${path}.type`, type, TYPES)];
  if (isIntOrString) return [invalid(`${path}.type`, type, 'must be empty if x-kubernetes-int-or-string is true')];
  if (schema['x-kubernetes-embedded-resource'] === true && type !== 'object') {
    return [invalid(`${path}.type`, type, 'must be object if x-kubernetes-embedded-resource is true')];
  }
  return type === 'array' && !isObject(schema['items']) ? [required(`${path}.items`, 'must be specified')] : [];
}

function wordErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const errors: FieldError[] = FORBIDDEN.filter((word) => schema[word] !== undefined).map((word) =>
    forbidden(`${path}.${word}`, `${word} is not supported`),
  );
  const { additionalProperties, pattern, properties } = schema;
  if (isObject(properties) && additionalProperties !== undefined) {
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'));
  }
  if (additionalProperties === false)
    errors.push(forbidden(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'));
  if (schema['uniqueItems'] === true)
    errors.push(
      forbidden(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic; use x-kubernetes-list-type: set',
      ),
    );
  if (schema['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalid(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  if (typeof pattern === 'string' && !isPattern(pattern))
    errors.push(invalid(`${path}.pattern`, pattern, 'must be a valid regular expression'));
  return errors;
}

function isPattern(pattern: string): boolean {
  try {
    patternOf(pattern);
    return true;
  } catch {
    // Not a regular expression: exactly what is asked here.
    return false;
  }
}

function listErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const listType = schema['x-kubernetes-list-type'];
  const keys = schema['x-kubernetes-list-map-keys'];
  if (listType === undefined) {
    return keys === undefined
      ? []
      : [invalid(`${path}.x-kubernetes-list-type`, null, 'must be map if x-kubernetes-list-map-keys is non-empty')];
  }
  if (!['atomic', 'set', 'map'].includes(listType as string))
    return [notSupported(`${path}.x-kubernetes-list-type`, listType, ['atomic', 'map', 'set'])];
  if (schema['type'] !== 'array')
    return [invalid(`${path}.type`, schema['type'], 'must be array if x-kubernetes-list-type is specified')];
  if (listType !== 'map') return [];
  if (!Array.isArray(keys) || keys.length === 0)
    return [required(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map')];
  const items = isObject(schema['items']) ? schema['items'] : {};
  return keys.flatMap((key) => mapKeyErrors(String(key), items, path));
}

function mapKeyErrors(key: string, items: JsonObject, path: string): readonly FieldError[] {
  const property = isObject(items['properties']) ? items['properties'][key] : undefined;
  if (!isObject(property))
    return [invalid(`${path}.x-kubernetes-list-map-keys`, key, 'entries must all be names of item properties')];
  const isRequired = Array.isArray(items['required']) && items['required'].includes(key);
  return isRequired || property['default'] !== undefined
    ? []
    : [
        required(
          `${path}.items.properties[${key}].default`,
          'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property',
        ),
      ];
}

type Branch = readonly [schema: unknown, path: string];

function junctorErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const branches = JUNCTORS.flatMap((word): Branch[] => {
    const list = schema[word];
    return Array.isArray(list)
      ? list.map((branch: unknown, index) => [branch, `${path}.${word}[${index}]`] as const)
      : [];
  });
  if (schema['not'] !== undefined) branches.push([schema['not'], `${path}.not`]);
  const isIntOrString = schema['x-kubernetes-int-or-string'] === true;
  return branches.flatMap(([branch, at]) => (isObject(branch) ? branchErrors(branch, at, isIntOrString) : []));
}

function branchErrors(branch: JsonObject, path: string, isIntOrString: boolean): readonly FieldError[] {
  const words = OUTSIDE_JUNCTORS.filter((word) => branch[word] !== undefined && !(isIntOrString && word === 'type'));
  const here = words.map((word) => forbidden(`${path}.${word}`, 'must be undefined to be structural'));
  const properties = isObject(branch['properties']) ? Object.entries(branch['properties']) : [];
  const inner = properties.flatMap(([name, child]) =>
    isObject(child) ? branchErrors(child, `${path}.properties[${name}]`, false) : [],
  );
  return [...here, ...inner, ...junctorErrors(branch, path)];
}

function childErrors(schema: JsonObject, path: string): readonly FieldError[] {
  return children(schema, path).flatMap(([child, at]) => {
    if (isObject(child)) return nodeErrors(child, at);
    if (Array.isArray(child)) return [forbidden(at, 'must be a schema object and not an array')];
    return [invalid(at, child, 'must be a schema')];
  });
}

/** What a schema describes its parts with. */
function children({ additionalProperties, items, properties }: JsonObject, path: string): readonly Branch[] {
  return [
    ...(isObject(properties) ? Object.entries(properties) : []).map(([name, child]): Branch => [
      child,
      `${path}.properties[${name}]`,
    ]),
    ...(items === undefined ? [] : [[items, `${path}.items`] as const]),
    ...(additionalProperties === undefined || typeof additionalProperties === 'boolean'
      ? []
      : [[additionalProperties, `${path}.additionalProperties`] as const]),
  ];
}

function defaultErrors(schema: JsonObject, path: string): readonly FieldError[] {
  if (schema['default'] === undefined) return [];
  const at = `${path}.default`;
  const unknownFields: string[] = [];
  const value = shape(schema, schema['default'], '', unknownFields);
  const errors: FieldError[] = unknownFields.map((field) =>
    invalid(childPath(at, field), schema['default'], 'must not have unknown fields'),
  );
  validate(schema, value, undefined, at, { errors, isBuiltin: false });
  return errors;
}

function nestedRuleErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const inner = children(schema, path).flatMap(([child, at]) => (isObject(child) ? nestedRuleErrors(child, at) : []));
  return [...ruleErrors(schema, path), ...inner];
}

function ruleErrors(schema: JsonObject, path: string): readonly FieldError[] {
  const rules = schema['x-kubernetes-validations'];
  if (!Array.isArray(rules)) return [];
  return rules.flatMap((rule: unknown, index): readonly FieldError[] => {
    const at = `${path}.x-kubernetes-validations[${index}]`;
    if (!isObject(rule) || typeof rule['rule'] !== 'string' || rule['rule'].trim() === '')
      return [required(`${at}.rule`)];
    if (rule['rule'].includes('\n') && rule['message'] === undefined && rule['messageExpression'] === undefined) {
      return [required(`${at}.message`, 'message must be specified if rule contains line breaks')];
    }
    const problem = ruleProblem(rule as { readonly rule: string }, schema);
    return problem === undefined ? [] : [invalid(`${at}.rule`, rule['rule'], problem)];
  });
}
