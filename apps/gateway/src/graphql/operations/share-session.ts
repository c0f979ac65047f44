import { effectiveTemplate, normalizeUser, type ShareRole, type VDISession, type VDITemplate } from '@vdi/api';
import { apiError } from '../api-error.ts';
import type { GraphqlContext } from '../graphql-context.ts';
import { changeSession } from './change-session.ts';
import { readTemplate } from './read-template.ts';
import type { SessionName } from './session-name.ts';

/** Lets somebody join, or changes what they may do. */
export async function shareSession(
  context: GraphqlContext,
  name: SessionName,
  share: { readonly user: string; readonly role: ShareRole },
): Promise<VDISession> {
  const user = normalizeUser(share.user);
  const seen = context.platform.catalog.session(name.namespace, name.name);
  const template = seen && (await readTemplate(context.platform, seen.spec.template));
  return await changeSession(context, 'session.share', name, ({ spec: { shares = [] } }) => {
    if (template !== undefined) requireShareable(template, share.role);
    if (shares.some((present) => present.user === user && present.role === share.role)) return undefined;
    return { shares: [...shares.filter((present) => present.user !== user), { user, role: share.role }] };
  });
}

/** Takes a share back; the streams of that viewer end when their ticket does. */
export async function unshareSession(context: GraphqlContext, name: SessionName, user: string): Promise<VDISession> {
  const normalized = normalizeUser(user);
  return await changeSession(context, 'session.share', name, ({ spec: { shares = [] } }) => {
    const rest = shares.filter((present) => present.user !== normalized);
    return rest.length === shares.length ? undefined : { shares: rest };
  });
}

/** Throws FORBIDDEN if the policy of the template does not let owners grant so much. */
export function requireShareable(template: VDITemplate, role: ShareRole): void {
  const { sharing } = effectiveTemplate(template.spec).policy;
  if (sharing === 'control' || sharing === role) return;
  const most = sharing === 'none' ? 'are not shared' : `are shared with role "${sharing}" at most`;
  throw apiError(
    'FORBIDDEN',
    `Desktops of template ${template.metadata.name} ${most}, by its policy: ${sharing === 'none' ? 'ask an administrator to change it' : `choose that role`}`,
  );
}
