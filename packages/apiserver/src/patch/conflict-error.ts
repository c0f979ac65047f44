import { ApiError, type FieldError } from '../api-error.ts';
import { fieldSetPaths, type FieldSet } from './field-set.ts';
import { managerIdentity, type Manager } from './managed-fields.ts';
import { printPath } from './path-element.ts';

/** Fields of a configuration that another manager owns with another value. */
export interface Conflict {
  readonly manager: Manager;
  readonly fields: FieldSet;
}

/** The answer to an apply that was not forced, in the words that clients of Kubernetes look for. */
export function conflictError(conflicts: readonly Conflict[]): ApiError {
  const sorted = [...conflicts].sort((left, right) =>
    managerIdentity(left.manager) < managerIdentity(right.manager) ? -1 : 1,
  );
  const causes = sorted.flatMap(causesOf);
  const [only] = causes;
  const message =
    causes.length === 1 && only !== undefined
      ? `Apply failed with 1 conflict: ${only.message}: ${only.field}`
      : `Apply failed with ${causes.length} conflicts: ${sorted.map(describe).join('\n')}`;
  return new ApiError(409, 'Conflict', message, { causes });
}

function causesOf({ manager, fields }: Conflict): readonly FieldError[] {
  const message = `conflict with ${describeManager(manager)}`;
  return [...fieldSetPaths(fields)].map((path) => ({ type: 'FieldManagerConflict', field: printPath(path), message }));
}

function describe({ manager, fields }: Conflict): string {
  const paths = [...fieldSetPaths(fields)].map((path) => `- ${printPath(path)}`);
  return [`conflicts with ${describeManager(manager)}:`, ...paths].join('\n');
}

function describeManager({ name, subresource, operation, apiVersion }: Manager): string {
  const through = subresource === undefined ? '' : ` with subresource ${JSON.stringify(subresource)}`;
  const using = operation === 'Update' ? ` using ${apiVersion}` : '';
  return `${JSON.stringify(name)}${through}${using}`;
}
