import { phases, shareRoles, type VDISession, type VDISessionSpec, type VDISessionStatus } from '@vdi/api';
import { builder } from '../builder.ts';
import { condition, objectMetadata } from './metadata.ts';

const phase = builder.enumType('VDISessionPhase', { values: phases });

export const shareRole = builder.enumType('ShareRole', {
  description: '`view` sees the desktop; `control` may also ask for keyboard and mouse.',
  values: shareRoles,
});

const resources = builder.objectRef<NonNullable<VDISessionSpec['resources']>>('VDISessionResources').implement({
  description: 'What the desktop gets. Null: what its template says.',
  fields: (t) => ({
    gpu: t.exposeInt('gpu', { nullable: true, description: 'GPU time slices.' }),
    memory: t.expose('memory', { type: 'Quantity', nullable: true }),
    cpu: t.expose('cpu', { type: 'Quantity', nullable: true }),
  }),
});

const persistence = builder.objectRef<NonNullable<VDISessionSpec['persistence']>>('VDISessionPersistence').implement({
  description: 'The home of the user. Null: what the template says.',
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled', { nullable: true }),
    size: t.expose('size', { type: 'Quantity', nullable: true }),
  }),
});

const share = builder.objectRef<NonNullable<VDISessionSpec['shares']>[number]>('VDISessionShare').implement({
  fields: (t) => ({ user: t.exposeString('user'), role: t.expose('role', { type: shareRole }) }),
});

const spec = builder.objectRef<VDISessionSpec>('VDISessionSpec').implement({
  description: 'What somebody asks for.',
  fields: (t) => ({
    user: t.exposeString('user'),
    template: t.exposeString('template'),
    displayName: t.exposeString('displayName', { nullable: true }),
    resources: t.field({ type: resources, resolve: (session) => session.resources ?? {} }),
    persistence: t.field({ type: persistence, resolve: (session) => session.persistence ?? {} }),
    timeout: t.exposeString('timeout', { nullable: true, description: 'Life from the start on, such as `8h`.' }),
    suspended: t.boolean({ resolve: ({ suspended }) => suspended ?? false }),
    shares: t.field({ type: [share], resolve: ({ shares }) => shares ?? [] }),
  }),
});

type TimelineEntry = NonNullable<VDISessionStatus['timeline']>[number];

const timelineEntry = builder.objectRef<TimelineEntry>('TimelineEntry').implement({
  description: 'When a stage of the latest start was first reached.',
  fields: (t) => ({
    stage: t.exposeString('stage'),
    at: t.expose('at', { type: 'DateTime' }),
    message: t.exposeString('message', { nullable: true }),
  }),
});

/** The session itself stands behind its status, so that a new session has one too: it is pending. */
const status = builder.objectRef<VDISession>('VDISessionStatus').implement({
  description: 'What the operator has seen and concluded.',
  fields: (t) => {
    const text = (name: 'url' | 'host' | 'message' | 'podName' | 'node' | 'encoder' | 'homeClaim') =>
      t.string({ nullable: true, resolve: (session) => session.status?.[name] });
    const time = (name: 'startTime' | 'readyTime' | 'expiresAt' | 'lastActivityTime' | 'idleDeadline') =>
      t.field({ type: 'DateTime', nullable: true, resolve: (session) => session.status?.[name] });
    const count = (name: 'gpu' | 'viewers' | 'observedGeneration') =>
      t.int({ nullable: true, resolve: (session) => session.status?.[name] });
    return {
      phase: t.field({ type: phase, resolve: phaseOf }),
      url: text('url'),
      host: text('host'),
      message: text('message'),
      podName: text('podName'),
      node: text('node'),
      encoder: text('encoder'),
      homeClaim: text('homeClaim'),
      startTime: time('startTime'),
      readyTime: time('readyTime'),
      expiresAt: time('expiresAt'),
      lastActivityTime: time('lastActivityTime'),
      idleDeadline: time('idleDeadline'),
      gpu: count('gpu'),
      viewers: count('viewers'),
      observedGeneration: count('observedGeneration'),
      conditions: t.field({ type: [condition], resolve: (session) => session.status?.conditions ?? [] }),
      timeline: t.field({ type: [timelineEntry], resolve: (session) => session.status?.timeline ?? [] }),
    };
  },
});

/** The operator's word, except where it cannot have spoken yet. */
function phaseOf({ metadata, status }: VDISession) {
  return metadata.deletionTimestamp === undefined ? (status?.phase ?? 'Pending') : 'Terminating';
}

export const session = builder.objectRef<VDISession>('VDISession').implement({
  description: 'A desktop of one user.',
  fields: (t) => ({
    name: t.string({ resolve: ({ metadata }) => metadata.name }),
    namespace: t.string({ resolve: ({ metadata }) => metadata.namespace ?? '' }),
    metadata: t.expose('metadata', { type: objectMetadata }),
    spec: t.expose('spec', { type: spec }),
    status: t.field({ type: status, resolve: (session) => session }),
  }),
});
