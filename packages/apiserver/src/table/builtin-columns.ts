import type { PrinterColumn } from '../resource/resource.ts';
import { clusterColumns } from './cluster-columns.ts';
import { podColumns } from './pod-columns.ts';
import { workloadColumns } from './workload-columns.ts';

/** The columns after NAME that kubectl users know from a built-in kind; none where name and age say enough. */
export function builtinColumns(kind: string): readonly PrinterColumn[] {
  return kind === 'Pod' ? podColumns : (workloadColumns[kind] ?? clusterColumns[kind] ?? []);
}
