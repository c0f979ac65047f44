/**
 * The functions and macros that CEL rules may use: those which the Kubernetes API server and cel-js both have and answer
 * alike. Left out on purpose: Kubernetes' own libraries (`quantity`, `url`, `isSorted`, `format`), optionals, and string
 * functions whose two implementations differ beyond ASCII (`lowerAscii`, `upperAscii`, `trim`).
 */
export const sharedFunctions: ReadonlySet<string> = new Set([
  'has',
  'all',
  'exists',
  'exists_one',
  'size',
  'type',
  'int',
  'duration',
  'matches',
  'startsWith',
  'endsWith',
  'contains',
]);

/** Names that rules may refer to, beside variables of macros. `int` and `string` are types, for comparisons with `type()`. */
export const sharedIdentifiers: ReadonlySet<string> = new Set(['self', 'oldSelf', 'int', 'string']);
