import { badRequest } from '../registry/errors.ts';
import type { KubernetesObject, Resource } from '../resource/resource.ts';

export interface FieldRequirement {
  readonly path: string;
  readonly isEqual: boolean;
  readonly value: string;
}

/** `metadata.name=a,spec.nodeName!=b`; `\`, `,` and `=` in a value are escaped with `\`. Throws 400 for a field that is not selectable. */
export function parseFieldSelector(text: string, resource: Resource): readonly FieldRequirement[] {
  return terms(text).map((term) => {
    const match = /^([^=!]+)(==|!=|=)(.*)$/s.exec(term);
    if (match === null) throw badRequest(`invalid selector: '${text}'; can't understand '${term}'`);
    const [, path = '', operator, value = ''] = match;
    const selectable = ['metadata.name', 'metadata.namespace', ...resource.selectableFields];
    if (!selectable.includes(path)) {
      throw badRequest(
        `field label not supported: ${path} (${resource.plural} can be selected by ${selectable.join(', ')})`,
      );
    }
    return { path, isEqual: operator !== '!=', value: value.replaceAll(/\\([\\,=])/g, '$1') };
  });
}

export function matchesFields(requirements: readonly FieldRequirement[], object: KubernetesObject): boolean {
  return requirements.every(({ path, isEqual, value }) => (fieldAt(object, path) === value) === isEqual);
}

function terms(text: string): readonly string[] {
  return (text.match(/(?:\\.|[^\\,])+/gs) ?? []).filter((term) => term.trim() !== '');
}

/** Selectors compare text; a missing field is the empty one. */
function fieldAt(object: KubernetesObject, path: string): string {
  let value: unknown = object;
  for (const segment of path.split('.')) value = (value as Record<string, unknown> | undefined | null)?.[segment];
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
