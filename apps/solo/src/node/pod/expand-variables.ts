/**
 * Replaces `$(NAME)` by the variable's value, as Kubernetes does in `command`, `args`, `env` and `subPathExpr`:
 * `$$` is a literal dollar sign, and a reference to an unknown variable stays as it is.
 */
export function expandVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^)]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$';
    return Object.hasOwn(variables, name) ? (variables[name] ?? whole) : whole;
  });
}
