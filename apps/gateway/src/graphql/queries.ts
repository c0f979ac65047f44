import { decide } from '../authorize/authorize.ts';
import { apiError } from './api-error.ts';
import { builder } from './builder.ts';
import { requireAccess } from './require-access.ts';
import { readTemplate } from './operations/read-template.ts';
import { seeSession } from './operations/read-session.ts';
import { defaultNamespace } from './operations/session-name.ts';
import { sessionScope } from './operations/session-scope.ts';
import { session } from './types/session.ts';
import { template } from './types/template.ts';
import { me, user } from './types/user.ts';

builder.queryType({
  fields: (t) => ({
    me: t.field({
      type: me,
      resolve: (_root, _args, context) => {
        requireAccess(context, 'user.get', { kind: 'user', user: context.principal.user });
        return context.principal;
      },
    }),
    vdiSessions: t.field({
      type: [session],
      description:
        "With `user`: that user's sessions. Without: the caller's own and those shared with the caller. With `everybody`: all.",
      args: {
        user: t.arg.string(),
        everybody: t.arg.boolean({ required: true, defaultValue: false }),
        namespace: t.arg.string(),
        labelSelector: t.arg.string({ description: 'As for kubectl: `team=blue,stage in (test,demo)`.' }),
      },
      resolve: (_root, args, context) => {
        const isIncluded = sessionScope(context, 'session.list', args);
        return context.platform.catalog.sessions().filter(isIncluded);
      },
    }),
    vdiSession: t.field({
      type: session,
      args: {
        name: t.arg.string({ required: true }),
        namespace: t.arg.string({ required: true, defaultValue: defaultNamespace }),
      },
      resolve: (_root, name, context) => seeSession(context, 'session.get', name),
    }),
    vdiTemplates: t.field({
      type: [template],
      description: 'The templates that the caller may use.',
      resolve: (_root, _args, context) => {
        const { platform, principal } = context;
        requireAccess(context, 'template.list', { kind: 'none' });
        return platform.catalog
          .templates()
          .filter((found) => decide(principal, 'template.get', { kind: 'template', template: found }).allowed);
      },
    }),
    vdiTemplate: t.field({
      type: template,
      args: { name: t.arg.string({ required: true }) },
      resolve: async (_root, { name }, context) => {
        const found = await readTemplate(context.platform, name);
        requireAccess(context, 'template.get', found ? { kind: 'template', template: found } : { kind: 'none' });
        if (found !== undefined) return found;
        throw apiError('NOT_FOUND', `There is no template ${JSON.stringify(name.slice(0, 63))}: ask for vdiTemplates`);
      },
    }),
    vdiUsers: t.field({
      type: [user],
      description: 'Everybody who has a record. For operators and administrators.',
      resolve: (_root, _args, context) => {
        requireAccess(context, 'user.list', { kind: 'none' });
        return context.platform.catalog.users();
      },
    }),
  }),
});
