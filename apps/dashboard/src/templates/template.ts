/** A kind of desktop that can be chosen. */
export interface Template {
  readonly name: string;
  readonly displayName: string;
  readonly description: string | undefined;
  readonly icon: string | undefined;
  readonly tags: readonly string[];
  readonly resources: TemplateResources;
  /** Whether sessions mount the home of their user. */
  readonly isPersistent: boolean;
}

/** Amounts as the template writes them: `2`, `500m`, `4Gi`; undefined leaves it to the operator. */
export interface TemplateResources {
  readonly defaultGPU: number;
  readonly maxGPU: number;
  readonly defaultMemory: string | undefined;
  readonly maxMemory: string | undefined;
  readonly defaultCPU: string | undefined;
  readonly maxCPU: string | undefined;
}
