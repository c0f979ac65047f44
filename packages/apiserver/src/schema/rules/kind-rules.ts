import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject, Resource } from '../../resource/resource.ts';

/** What is particular to a built-in kind beyond its schema. */
export interface KindRules {
  /** Fills in defaults that depend on other fields. Types are right when it is called. */
  readonly complete?: (object: KubernetesObject, options: { readonly now: Date }) => KubernetesObject;
  /** `old` is undefined on creation. */
  readonly validate?: (object: KubernetesObject, old: KubernetesObject | undefined) => readonly FieldError[];
}

const NO_RULES: KindRules = {};

const RULES: Readonly<Record<string, KindRules>> = {};

export function kindRules({ group, kind }: Pick<Resource, 'group' | 'kind'>): KindRules {
  return RULES[`${group}/${kind}`] ?? NO_RULES;
}
