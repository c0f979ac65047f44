/** Plain JSON data. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. A missing key and `undefined` are the same: neither is ever written. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** TypeBox schemas are JSON with hidden symbols; this is the JSON alone. */
export function toJson(schema: object): JsonObject {
  return JSON.parse(JSON.stringify(schema)) as JsonObject;
}

export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
