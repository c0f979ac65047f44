import { ApiError } from '../api-error.ts';
import { isObject, type JsonObject } from '../schema/json.ts';
import { ownField } from './json-value.ts';

/** A strategic merge patch that cannot be applied, and where in the patch. */
export function patchError(path: string, why: string): ApiError {
  const where = path === '' ? '' : ` at ${path}`;
  return new ApiError(400, 'BadRequest', `the strategic merge patch cannot be applied${where}: ${why}`);
}

/** True for the fields of a patch that say how to merge rather than what. */
export function isDirective(name: string): boolean {
  return (
    name === '$patch' ||
    name === '$retainKeys' ||
    name.startsWith('$deleteFromPrimitiveList/') ||
    name.startsWith('$setElementOrder/')
  );
}

/** The field that `<prefix>/<field>` speaks of; undefined when the name is not such a directive. */
export function fieldOfDirective(name: string, prefix: string): string | undefined {
  return name.startsWith(`${prefix}/`) ? name.slice(prefix.length + 1) : undefined;
}

/**
 * What `$patch` asks for; `merge` when it is not there.
 * @throws ApiError 400 for any other word.
 */
export function directiveOf(patch: JsonObject, path: string): 'merge' | 'replace' | 'delete' {
  const directive = ownField(patch, '$patch') ?? 'merge';
  if (directive === 'merge' || directive === 'replace' || directive === 'delete') return directive;
  throw patchError(path, `unknown patch type ${JSON.stringify(directive)}: $patch must be merge, replace or delete`);
}

/**
 * `$retainKeys: [names]` clears the fields that it does not list, as for a union of which one member may be set.
 * @throws ApiError 400 when it is no list of names, or the patch sets a field that it would clear.
 */
export function retainKeys(original: JsonObject, patch: JsonObject, path: string): JsonObject {
  const names = ownField(patch, '$retainKeys');
  if (names === undefined) return original;
  if (!Array.isArray(names))
    throw patchError(path, 'invalid patch format of retainKeys: it must be a list of field names');
  const retained = new Set<unknown>(names);
  for (const [name, value] of Object.entries(patch)) {
    if (isDirective(name) || value === null || retained.has(name)) continue;
    throw patchError(path, `invalid patch format of retainKeys: ${name} is set by the patch but is not in $retainKeys`);
  }
  return Object.fromEntries(Object.entries(original).filter(([name]) => retained.has(name)));
}

/** What a patch sets where there was nothing to merge with; undefined when it only deletes. */
export function valueOfPatch(patch: unknown, path: string): unknown {
  if (isObject(patch) && directiveOf(patch, path) === 'delete') return undefined;
  return withoutDirectives(patch);
}

/** A patch as a plain value: without directives, items to delete and nulls, which remove fields that are not there. */
export function withoutDirectives(patch: JsonObject): JsonObject;
export function withoutDirectives(patch: readonly unknown[]): readonly unknown[];
export function withoutDirectives(patch: unknown): unknown;
export function withoutDirectives(patch: unknown): unknown {
  if (Array.isArray(patch))
    return patch.filter((item) => !isDeletion(item) && !isBareDirective(item)).map(withoutDirectives);
  if (!isObject(patch)) return patch;
  return Object.fromEntries(
    Object.entries(patch).flatMap(([name, value]) =>
      isDirective(name) || value === null || isDeletion(value) ? [] : [[name, withoutDirectives(value)]],
    ),
  );
}

function isDeletion(value: unknown): boolean {
  return isObject(value) && ownField(value, '$patch') === 'delete';
}

/** `{$patch: replace}` among the items of a list speaks of the list. */
function isBareDirective(item: unknown): boolean {
  return isObject(item) && Object.hasOwn(item, '$patch') && Object.keys(item).length === 1;
}
