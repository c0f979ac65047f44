/**
 * Sets of fields of one object, as managedFields records them (FieldsV1, KEP-555). A set is an immutable tree: every
 * step leads to a node, and a node says whether the path up to it is a member. Membership of a field says nothing of
 * its children: `{.spec}` and `{.spec.replicas}` are disjoint.
 */
import { comparePathElements, parsePathElement, type FieldPath, type PathElement } from './path-element.ts';
import { isObject, type JsonObject } from '../schema/json.ts';

/** A node without children is a member; only the root, which no set contains, may be neither. */
export interface FieldSet {
  readonly isMember: boolean;
  readonly children: ReadonlyMap<PathElement, FieldSet>;
}

type Children = Map<PathElement, FieldSet>;

/** The set without members. */
export const emptyFieldSet: FieldSet = { isMember: false, children: new Map() };

/** The node of a path that is a member and has nothing below it. */
export const memberNode: FieldSet = { isMember: true, children: new Map() };

/** A node for use as a child, or undefined when there is nothing in it. */
export function fieldSetNode(isMember: boolean, children: ReadonlyMap<PathElement, FieldSet>): FieldSet | undefined {
  if (children.size > 0) return { isMember, children };
  return isMember ? memberNode : undefined;
}

/** The set of exactly these paths. */
export function fieldSetOf(paths: Iterable<FieldPath>): FieldSet {
  let set = emptyFieldSet;
  for (const path of paths) set = unionFieldSets(set, setOfPath(path));
  return set;
}

function setOfPath(path: FieldPath): FieldSet {
  if (path.length === 0) return emptyFieldSet;
  return path.reduceRight<FieldSet>(
    (below, element) => ({ isMember: false, children: new Map([[element, below]]) }),
    memberNode,
  );
}

/** True when the set has no members. */
export function isEmptyFieldSet(set: FieldSet): boolean {
  return !set.isMember && set.children.size === 0;
}

/** True when the path itself is a member. */
export function fieldSetHas(set: FieldSet, path: FieldPath): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.children.get(element);
  return node?.isMember ?? false;
}

/** Members of either set. */
export function unionFieldSets(left: FieldSet, right: FieldSet): FieldSet {
  if (left === right || isEmptyFieldSet(right)) return left;
  if (isEmptyFieldSet(left)) return right;
  const children: Children = new Map(left.children);
  for (const [element, node] of right.children) {
    const same = children.get(element);
    children.set(element, same === undefined ? node : unionFieldSets(same, node));
  }
  return { isMember: left.isMember || right.isMember, children };
}

/** Members of both sets. */
export function intersectFieldSets(left: FieldSet, right: FieldSet): FieldSet {
  const children: Children = new Map();
  for (const [element, node] of left.children) {
    const other = right.children.get(element);
    if (other !== undefined) setUnlessEmpty(children, element, intersectFieldSets(node, other));
  }
  return { isMember: left.isMember && right.isMember, children };
}

/** Members of the left set that are not members of the right one. */
export function subtractFieldSets(left: FieldSet, right: FieldSet): FieldSet {
  if (isEmptyFieldSet(right)) return left;
  const children: Children = new Map();
  for (const [element, node] of left.children) {
    const other = right.children.get(element);
    setUnlessEmpty(children, element, other === undefined ? node : subtractFieldSets(node, other));
  }
  return { isMember: left.isMember && !right.isMember, children };
}

function setUnlessEmpty(children: Children, element: PathElement, node: FieldSet): void {
  if (!isEmptyFieldSet(node)) children.set(element, node);
}

/** True when both sets have the same members. */
export function equalFieldSets(left: FieldSet, right: FieldSet): boolean {
  if (left === right) return true;
  if (left.isMember !== right.isMember || left.children.size !== right.children.size) return false;
  for (const [element, node] of left.children) {
    const other = right.children.get(element);
    if (other === undefined || !equalFieldSets(node, other)) return false;
  }
  return true;
}

/** Every member, in the order in which FieldsV1 is written; a parent comes before its children. */
export function* fieldSetPaths(set: FieldSet, prefix: FieldPath = []): Generator<FieldPath> {
  for (const [element, node] of sortedChildren(set)) {
    const path = [...prefix, element];
    if (node.isMember) yield path;
    yield* fieldSetPaths(node, path);
  }
}

function sortedChildren(set: FieldSet): [PathElement, FieldSet][] {
  return [...set.children].sort(([left], [right]) => comparePathElements(left, right));
}

/**
 * Reads the content of `fieldsV1`. Steps of an unknown type are left out, as Kubernetes does.
 * @throws SyntaxError when the value is not a FieldsV1 object.
 */
export function parseFieldSet(fields: unknown): FieldSet {
  return { isMember: false, children: parseChildren(fields) };
}

function parseChildren(fields: unknown): Children {
  if (!isObject(fields)) throw new SyntaxError(`fieldsV1 must consist of objects, got ${JSON.stringify(fields)}`);
  const children: Children = new Map();
  for (const [text, below] of Object.entries(fields)) {
    const element = text === '.' ? undefined : parsePathElement(text);
    if (element !== undefined) children.set(element, parseNode(below));
  }
  return children;
}

function parseNode(fields: unknown): FieldSet {
  const children = parseChildren(fields);
  if (children.size === 0) return memberNode;
  return { isMember: Object.hasOwn(fields as JsonObject, '.'), children };
}

const member: JsonObject = Object.freeze({});

/** Writes the content of `fieldsV1`; the inverse of {@link parseFieldSet}. */
export function printFieldSet(set: FieldSet): JsonObject {
  const fields: Record<string, unknown> = {};
  for (const [element, node] of sortedChildren(set)) fields[element] = printNode(node);
  return fields;
}

function printNode(node: FieldSet): JsonObject {
  if (node.children.size === 0) return member;
  return node.isMember ? { '.': member, ...printFieldSet(node) } : printFieldSet(node);
}
