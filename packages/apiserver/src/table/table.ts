/** The `meta.k8s.io/v1` Table: rows that kubectl prints without knowing the kind. */
import type { KubernetesObject, PrinterColumn, Resource } from '../resource/resource.ts';
import { ageOf } from './duration.ts';

export interface TableOptions {
  readonly listMeta: {
    readonly resourceVersion?: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly now: Date;
  /** What each row carries of its object: kubectl asks for metadata, for all of it with `-o wide` watches, or for none. */
  readonly includeObject: 'None' | 'Metadata' | 'Object';
}

export interface Table {
  readonly kind: 'Table';
  readonly apiVersion: 'meta.k8s.io/v1';
  readonly metadata: TableOptions['listMeta'];
  readonly columnDefinitions: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

interface TableColumn {
  readonly name: string;
  readonly type: string;
  readonly format: string;
  readonly description: string;
  readonly priority: number;
}

interface TableRow {
  readonly cells: readonly (string | number | boolean | null)[];
  readonly object?: unknown;
}

const NAME: TableColumn = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description: 'Name must be unique within a namespace.',
  priority: 0,
};

const AGE: PrinterColumn = {
  name: 'Age',
  type: 'string',
  priority: 0,
  description: 'Time since the object was created.',
  value: ({ metadata }, now) => ageOf(metadata.creationTimestamp, now),
};

/** Resources without columns of their own show name and age. */
export function toTable(resource: Resource, objects: readonly KubernetesObject[], options: TableOptions): Table {
  const columns = resource.columns.length > 0 ? resource.columns : [AGE];
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata: options.listMeta,
    columnDefinitions: [NAME, ...columns.map(definition)],
    rows: objects.map((object) => row(columns, object, options)),
  };
}

function definition({ name, type, format, description, priority }: PrinterColumn): TableColumn {
  return { name, type, format: format ?? '', description: description ?? '', priority };
}

function row(columns: readonly PrinterColumn[], object: KubernetesObject, options: TableOptions): TableRow {
  const cells = [object.metadata.name ?? '', ...columns.map((column) => column.value(object, options.now))];
  switch (options.includeObject) {
    case 'None':
      return { cells };
    case 'Object':
      return { cells, object };
    case 'Metadata':
      return {
        cells,
        object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata },
      };
    default:
      return options.includeObject satisfies never;
  }
}
