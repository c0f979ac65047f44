import { type VDITemplate, vdiTemplate } from '@vdi/api';
import { isNotFound, resourceOf } from '@vdi/kube';
import type { Platform } from '../graphql-context.ts';

const templates = resourceOf<VDITemplate>(vdiTemplate);

/** From the cache, or from the server where it is new. */
export async function readTemplate({ catalog, kube }: Platform, name: string): Promise<VDITemplate | undefined> {
  const cached = catalog.template(name);
  if (cached !== undefined || name === '') return cached;
  try {
    return await kube.get(templates, { name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
