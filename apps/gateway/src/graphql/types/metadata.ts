import type { Condition, ObjectMeta } from '@vdi/api';
import { builder } from '../builder.ts';

const label = builder.objectRef<{ readonly name: string; readonly value: string }>('Label').implement({
  fields: (t) => ({ name: t.exposeString('name'), value: t.exposeString('value') }),
});

export const objectMetadata = builder.objectRef<ObjectMeta>('ObjectMetadata').implement({
  description: 'What Kubernetes keeps about every object.',
  fields: (t) => ({
    name: t.exposeString('name'),
    namespace: t.exposeString('namespace', { nullable: true, description: 'Null for templates and users.' }),
    uid: t.exposeID('uid', { nullable: true }),
    resourceVersion: t.exposeString('resourceVersion', { nullable: true }),
    generation: t.exposeInt('generation', { nullable: true, description: 'Counts changes of `spec`.' }),
    creationTimestamp: t.expose('creationTimestamp', { type: 'DateTime', nullable: true }),
    deletionTimestamp: t.expose('deletionTimestamp', { type: 'DateTime', nullable: true }),
    labels: t.field({
      type: [label],
      resolve: ({ labels = {} }) => Object.entries(labels).map(([name, value]) => ({ name, value })),
    }),
  }),
});

export const condition = builder.objectRef<Condition>('Condition').implement({
  description: 'Something that holds or not, and why.',
  fields: (t) => ({
    type: t.exposeString('type'),
    status: t.exposeString('status', { description: '`True`, `False` or `Unknown`.' }),
    reason: t.exposeString('reason', { description: 'Why, as one word for programs.' }),
    message: t.exposeString('message', { description: 'Why, for people, and what to do about it.' }),
    lastTransitionTime: t.expose('lastTransitionTime', { type: 'DateTime' }),
    observedGeneration: t.exposeInt('observedGeneration', { nullable: true }),
  }),
});
