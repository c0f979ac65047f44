import type { VDISession } from '@vdi/api';
import { decide } from '../authorize/authorize.ts';
import { builder } from './builder.ts';
import type { GraphqlContext } from './graphql-context.ts';
import { seeSession } from './operations/read-session.ts';
import { defaultNamespace, type SessionName, sessionNotFound } from './operations/session-name.ts';
import { sessionScope } from './operations/session-scope.ts';
import { SessionFeed, type SessionFeedEvent } from './session-feed.ts';
import { session } from './types/session.ts';

/** So long a session that was made a moment ago may take to reach the cache. */
const cacheLagMs = 5000;

const eventTypes: readonly SessionFeedEvent['type'][] = ['SNAPSHOT', 'ADDED', 'UPDATED', 'DELETED'];
const eventType = builder.enumType('WatchEventType', {
  description: 'A stream begins with one SNAPSHOT and loses nothing after it.',
  values: eventTypes,
});

const sessionsEvent = builder.objectRef<SessionFeedEvent>('VDISessionsEvent').implement({
  fields: (t) => ({
    type: t.expose('type', { type: eventType }),
    sessions: t.field({
      type: [session],
      description: 'All sessions for a SNAPSHOT, else the one that changed.',
      resolve: ({ sessions }) => sessions,
    }),
  }),
});

/** Of a feed of one session. */
interface SessionEvent {
  readonly type: SessionFeedEvent['type'];
  readonly session: VDISession;
}

const sessionEvent = builder.objectRef<SessionEvent>('VDISessionEvent').implement({
  fields: (t) => ({
    type: t.expose('type', { type: eventType }),
    session: t.expose('session', { type: session }),
  }),
});

builder.subscriptionType({
  description: 'Over WebSocket (graphql-transport-ws). Streams end when the sign-in does.',
  fields: (t) => ({
    watchVDISessions: t.field({
      type: sessionsEvent,
      description: 'The arguments are those of `vdiSessions`.',
      args: {
        user: t.arg.string(),
        everybody: t.arg.boolean({ required: true, defaultValue: false }),
        namespace: t.arg.string(),
        labelSelector: t.arg.string(),
      },
      subscribe: (_root, args, context) =>
        new SessionFeed({
          catalog: context.platform.catalog,
          includes: sessionScope(context, 'session.watch', args),
          signal: context.principal.signal,
        }),
      resolve: (event) => event,
    }),
    watchVDISession: t.field({
      type: sessionEvent,
      description: 'Ends after DELETED.',
      args: {
        name: t.arg.string({ required: true }),
        namespace: t.arg.string({ required: true, defaultValue: defaultNamespace }),
      },
      subscribe: (_root, name, context) => watchSession(context, name),
      resolve: ({ type, sessions: [first] }) => {
        // Not reached: every event of such a feed has its session.
        if (first === undefined) throw new TypeError(`A ${type} of one session came without it`);
        return { type, session: first };
      },
    }),
  }),
});

async function watchSession(context: GraphqlContext, name: SessionName): Promise<SessionFeed> {
  const { principal, platform } = context;
  const { uid } = (await seeSession(context, 'session.watch', name)).metadata;
  const cachedUid = () => platform.catalog.session(name.namespace, name.name)?.metadata.uid;
  await platform.catalog.until(() => cachedUid() === uid, cacheLagMs);
  if (cachedUid() !== uid) throw sessionNotFound(name);
  return new SessionFeed({
    catalog: platform.catalog,
    includes: (session) =>
      session.metadata.uid === uid && decide(principal, 'session.watch', { kind: 'session', session }).allowed,
    signal: principal.signal,
    isLast: ({ type }) => type === 'DELETED',
  });
}
