import { numberAt, stringAt, textOf } from '../schema/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { parseJsonPath, valuesAt } from '../schema/json-path.ts';
import { ageOf } from '../table/duration.ts';
import type { PrinterColumn } from './resource.ts';

/** `additionalPrinterColumns` of one version of a CustomResourceDefinition. */
export function customColumns(definitions: readonly JsonObject[]): readonly PrinterColumn[] {
  return definitions.map((definition) => {
    const path = parseJsonPath(stringAt(definition, 'jsonPath') ?? '');
    const type = (stringAt(definition, 'type') ?? 'string') as PrinterColumn['type'];
    return {
      name: stringAt(definition, 'name') ?? '',
      type,
      format: stringAt(definition, 'format') ?? '',
      description: stringAt(definition, 'description') ?? '',
      priority: numberAt(definition, 'priority') ?? 0,
      value: (object, now) => cell(type, valuesAt(path, object), now),
    };
  });
}

function cell(type: PrinterColumn['type'], values: readonly unknown[], now: Date): string | number | boolean | null {
  const [first] = values;
  if (first === undefined || first === null) return null;
  switch (type) {
    case 'date':
      return ageOf(textOf(first), now);
    case 'integer':
    case 'number':
      return typeof first === 'number' ? first : null;
    case 'boolean':
      return typeof first === 'boolean' ? first : null;
    case 'string':
      return values.map(textOf).join(' ');
    default:
      return type satisfies never;
  }
}
