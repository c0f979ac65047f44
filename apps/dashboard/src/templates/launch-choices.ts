/** What somebody chose for one desktop; what is left out follows from the template. */
export interface LaunchChoices {
  readonly displayName?: string;
  readonly resources?: { readonly cpu?: string; readonly memory?: string; readonly gpu?: number };
  readonly persistence?: { readonly enabled: boolean };
}

/** The fields of the dialog. Undefined: the template's own. */
export interface LaunchFields {
  readonly displayName: string;
  readonly cpu: string | undefined;
  readonly memory: string | undefined;
  readonly gpu: number | undefined;
  readonly isPersistent: boolean | undefined;
}

/** Leaves out what was not chosen, so that later changes of the template count for it. */
export function launchChoices({ displayName, cpu, memory, gpu, isPersistent }: LaunchFields): LaunchChoices {
  const resources = {
    ...(cpu !== undefined && { cpu }),
    ...(memory !== undefined && { memory }),
    ...(gpu !== undefined && { gpu }),
  };
  const name = displayName.trim();
  return {
    ...(name !== '' && { displayName: name }),
    ...(Object.keys(resources).length > 0 && { resources }),
    ...(isPersistent !== undefined && { persistence: { enabled: isPersistent } }),
  };
}
