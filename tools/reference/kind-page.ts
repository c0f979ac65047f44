import { objectSchema, type JsonObject, type Kind } from '@vdi/api';
import { fieldRows } from './field-rows.ts';
import { generatedNotice, table } from './markdown.ts';

/** The reference page of one kind. */
export function kindPage(kind: Kind): string {
  const rows = fieldRows(kind);
  const tableOf = (root: 'spec' | 'status') =>
    table(
      ['Field', 'Type', 'When absent', 'Meaning'],
      rows
        .filter(({ path }) => path.startsWith(`${root}.`))
        .map(({ path, type, whenAbsent, description }) => [`\`${path}\``, type, whenAbsent, description]),
    );
  return `${[
    generatedNotice,
    `# ${kind.kind}`,
    kind.description,
    facts(kind),
    '## spec',
    tableOf('spec'),
    '## status',
    statusNote(kind),
    tableOf('status'),
    '## Rules',
    'Checked by the API server at every write, with the same message in a cluster and without one.',
    table(
      ['Where', 'Message', 'Rule (CEL)'],
      rulesOf(objectSchema(kind), '').map(({ path, message, rule }) => [
        path === '' ? 'the object' : `\`${path}\``,
        message,
        `\`${rule}\``,
      ]),
    ),
  ].join('\n\n')}\n`;
}

function facts(kind: Kind): string {
  return [
    `- API version: \`${kind.apiVersion}\``,
    `- Scope: ${kind.scope === 'Namespaced' ? 'namespaced' : 'cluster'}`,
    `- Names: \`${[kind.plural, kind.singular, ...kind.shortNames].join('`, `')}\``,
    ...(kind.selectableFields.length > 0 ? [`- Field selectors: \`${kind.selectableFields.join('`, `')}\``] : []),
    `- Schema for editors: [${kind.singular}.schema.json](${kind.singular}.schema.json)`,
  ].join('\n');
}

interface PlacedRule {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

function rulesOf(schema: JsonObject, path: string): readonly PlacedRule[] {
  const own = (schema['x-kubernetes-validations'] ?? []) as unknown as readonly Omit<PlacedRule, 'path'>[];
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonObject>>;
  const items = schema['items'] as JsonObject | undefined;
  return [
    ...own.map(({ rule, message }) => ({ path, rule, message })),
    ...Object.entries(properties).flatMap(([name, child]) => rulesOf(child, path === '' ? name : `${path}.${name}`)),
    ...(items === undefined ? [] : rulesOf(items, `${path}[]`)),
  ];
}

function statusNote(kind: Kind): string {
  const note = 'Written by the operator.';
  const hasConditions = fieldRows(kind).some(({ path }) => path === 'status.conditions');
  return hasConditions
    ? `${note} The reasons in \`status.conditions\` are explained in [Conditions](conditions.md).`
    : note;
}
