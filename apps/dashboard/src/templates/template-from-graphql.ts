import type { templatesQuery } from '../graphql/documents.ts';
import type { ResultOf } from '../graphql/graphql.ts';
import type { Template } from './template.ts';

type TemplateFields = ResultOf<typeof templatesQuery>['vdiTemplates'][number];

/** Turns the gateway's answer into ours. Where a template names no most GPU, it is the larger of its default and 1. */
export function templateFromGraphql({ name, spec }: TemplateFields): Template {
  const { resources } = spec;
  return {
    name,
    displayName: spec.displayName,
    description: spec.description ?? undefined,
    icon: spec.icon ?? undefined,
    tags: spec.tags,
    isPersistent: spec.persistence.enabled,
    resources: {
      defaultGPU: resources.defaultGPU,
      maxGPU: resources.maxGPU ?? Math.max(resources.defaultGPU, 1),
      defaultMemory: textOf(resources.defaultMemory),
      maxMemory: textOf(resources.maxMemory),
      defaultCPU: textOf(resources.defaultCPU),
      maxCPU: textOf(resources.maxCPU),
    },
  };
}

function textOf(quantity: string | number | null): string | undefined {
  return quantity === null ? undefined : String(quantity);
}
