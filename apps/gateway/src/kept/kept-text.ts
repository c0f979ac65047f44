/** One text that an installation makes up once and keeps: a key, or the accounts. In a file, or in a Secret. */
export interface KeptText {
  /** Where it lies, for people: `Secret vdi-system/vdi-gateway-keys, field "cookie-key"`. */
  readonly place: string;
  /** Undefined when there is none yet. */
  read(): Promise<string | undefined>;
  /** Keeps `text` unless there is one already. Returns what is kept: the same to everybody who tries at the same time. */
  keep(text: string): Promise<string>;
}

/** What is kept, or else what `make` makes, which is kept from now on. */
export async function openKept(kept: KeptText, make: () => Promise<string> | string): Promise<string> {
  return (await kept.read()) ?? (await kept.keep(await make()));
}
