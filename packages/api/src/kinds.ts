import type { Kind } from './schema/kind.ts';
import { vdiSession } from './vdisession.ts';
import { vdiTemplate } from './vditemplate.ts';
import { vdiUser } from './vdiuser.ts';

/** Every kind of the API. */
export const kinds: readonly Kind[] = [vdiTemplate, vdiSession, vdiUser];
