/** `Type` where no field, at any depth, is null or present without a value. */
export type WithoutNulls<Type> = Type extends readonly (infer Item)[]
  ? WithoutNulls<Item>[]
  : Type extends object
    ? { [Key in keyof Type]: WithoutNulls<Exclude<Type[Key], null | undefined>> }
    : Type;

/** In GraphQL, null and absent both mean that nothing was said; Kubernetes takes a null for a value. */
export function withoutNulls<Type>(value: Type): WithoutNulls<Type> {
  return strip(value) as WithoutNulls<Type>;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== null && field !== undefined);
  return Object.fromEntries(entries.map(([name, field]) => [name, strip(field)]));
}
