import type { VDISession } from '@vdi/api';
import { builder } from './builder.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { changeSession } from './operations/change-session.ts';
import { createSession } from './operations/create-session.ts';
import { deleteSession } from './operations/delete-session.ts';
import { extendSession } from './operations/extend-session.ts';
import { openSession } from './operations/open-session.ts';
import { defaultNamespace, type SessionName } from './operations/session-name.ts';
import { shareSession, unshareSession } from './operations/share-session.ts';
import { withoutNulls } from './without-nulls.ts';
import { session, shareRole } from './types/session.ts';

const resourcesInput = builder.inputType('ResourcesInput', {
  fields: (t) => ({
    gpu: t.int({ description: 'GPU time slices.' }),
    memory: t.field({ type: 'Quantity' }),
    cpu: t.field({ type: 'Quantity' }),
  }),
});

const persistenceInput = builder.inputType('PersistenceInput', {
  fields: (t) => ({ enabled: t.boolean(), size: t.field({ type: 'Quantity' }) }),
});

const shareInput = builder.inputType('ShareInput', {
  fields: (t) => ({
    user: t.string({ required: true }),
    role: t.field({ type: shareRole, required: true, defaultValue: 'view' }),
  }),
});

const createInput = builder.inputType('CreateVDISessionInput', {
  description: 'What is left out is what the template says.',
  fields: (t) => ({
    user: t.string({ description: 'Left out: the caller.' }),
    template: t.string({ required: true }),
    name: t.string({ description: 'Left out: one is made of the user name and five random characters.' }),
    namespace: t.string({ description: 'Left out: `vdi-sessions`.' }),
    displayName: t.string(),
    resources: t.field({ type: resourcesInput }),
    persistence: t.field({ type: persistenceInput }),
    timeout: t.string({ description: 'Life of the session, such as `8h`.' }),
    shares: t.field({ type: [shareInput] }),
  }),
});

const opening = builder.objectRef<{ readonly url: string }>('VDISessionOpening').implement({
  fields: (t) => ({ url: t.exposeString('url') }),
});

builder.mutationType({
  fields: (t) => {
    const name = {
      name: t.arg.string({ required: true }),
      namespace: t.arg.string({ required: true, defaultValue: defaultNamespace }),
    };
    return {
      createVDISession: t.field({
        type: session,
        args: { input: t.arg({ type: createInput, required: true }) },
        resolve: (_root, { input }, context) => {
          const { name, namespace, user, ...spec } = withoutNulls(input);
          return createSession(context, { name, namespace, spec: { ...spec, user } });
        },
      }),
      deleteVDISession: t.field({
        type: session,
        description: 'Ends the session, and answers with it on its way out. The home stays.',
        args: name,
        resolve: (_root, args, context) => deleteSession(context, args),
      }),
      suspendVDISession: t.field({
        type: session,
        description: 'Stops the desktop. Home, host name and route stay.',
        args: name,
        resolve: (_root, args, context) => setSuspended(context, 'session.suspend', args),
      }),
      resumeVDISession: t.field({
        type: session,
        args: name,
        resolve: (_root, args, context) => setSuspended(context, 'session.resume', args),
      }),
      extendVDISession: t.field({
        type: session,
        description: 'Sets the life of the session, counted from its start.',
        args: { ...name, timeout: t.arg.string({ required: true, description: 'Such as `12h`.' }) },
        resolve: (_root, { timeout, ...args }, context) => extendSession(context, args, timeout),
      }),
      shareVDISession: t.field({
        type: session,
        description: 'Lets `user` join, or changes the role of somebody who may already.',
        args: {
          ...name,
          user: t.arg.string({ required: true }),
          role: t.arg({ type: shareRole, required: true, defaultValue: 'view' }),
        },
        resolve: (_root, { user, role, ...args }, context) => shareSession(context, args, { user, role }),
      }),
      unshareVDISession: t.field({
        type: session,
        args: { ...name, user: t.arg.string({ required: true }) },
        resolve: (_root, { user, ...args }, context) => unshareSession(context, args, user),
      }),
      openVDISession: t.field({
        type: opening,
        description: 'An address with a one-time code that is good for some seconds: go there at once.',
        args: name,
        resolve: (_root, args, context) => openSession(context, args),
      }),
    };
  },
});

function setSuspended(
  context: GraphqlContext,
  action: 'session.suspend' | 'session.resume',
  name: SessionName,
): Promise<VDISession> {
  const suspended = action === 'session.suspend';
  return changeSession(context, action, name, ({ spec }) =>
    (spec.suspended ?? false) === suspended ? undefined : { suspended },
  );
}
