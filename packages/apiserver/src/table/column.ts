import type { KubernetesObject, PrinterColumn } from '../resource/resource.ts';
import { ageOf } from './duration.ts';

export type Cell = string | number | boolean | null;

/** A column shown always. */
export function column(name: string, value: (object: KubernetesObject, now: Date) => Cell): PrinterColumn {
  return { name, type: 'string', priority: 0, value };
}

/** A column shown with `-o wide` only. */
export function wideColumn(name: string, value: (object: KubernetesObject, now: Date) => Cell): PrinterColumn {
  return { name, type: 'string', priority: 1, value };
}

export function numberColumn(name: string, value: (object: KubernetesObject, now: Date) => number): PrinterColumn {
  return { name, type: 'integer', priority: 0, value };
}

export const ageColumn: PrinterColumn = column('Age', ({ metadata }, now) => ageOf(metadata.creationTimestamp, now));

/** What kubectl prints where there is nothing. */
export const NONE = '<none>';

/** The items separated by commas, or `<none>`. */
export function listed(items: readonly (string | undefined)[]): string {
  const present = items.filter((item) => item !== undefined && item !== '');
  return present.length > 0 ? present.join(',') : NONE;
}
