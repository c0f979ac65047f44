import type { Schema } from '../schema/schema.ts';
import { memberNode, type FieldSet } from './field-set.ts';
import type { PathElement } from './path-element.ts';
import { elementSchema, isAtomic } from './structure.ts';

/**
 * Brings a recorded set up to the schema of today: whoever owned a part of a field that has become atomic owns the
 * whole of it. The other way round nothing changes, as in Kubernetes.
 */
export function reconcileFieldSet(schema: Schema | undefined, set: FieldSet): FieldSet {
  if (schema === undefined || set.children.size === 0) return set;
  let isSame = true;
  const children = new Map<PathElement, FieldSet>();
  for (const [element, node] of set.children) {
    const reconciled = reconcileNode(elementSchema(schema, element), node);
    isSame &&= reconciled === node;
    children.set(element, reconciled);
  }
  return isSame ? set : { isMember: set.isMember, children };
}

function reconcileNode(schema: Schema | undefined, node: FieldSet): FieldSet {
  return node.children.size > 0 && isAtomic(schema) ? memberNode : reconcileFieldSet(schema, node);
}
