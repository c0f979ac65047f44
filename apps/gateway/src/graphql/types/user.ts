import type { VDIUser, VDIUserSpec, VDIUserStatus } from '@vdi/api';
import type { PlatformRole, Principal } from '../../auth/principal.ts';
import { builder } from '../builder.ts';
import { objectMetadata } from './metadata.ts';

const quota = builder.objectRef<NonNullable<VDIUserSpec['quota']>>('UserQuota').implement({
  description: "What all sessions of the user may hold together. Null: the operator's default.",
  fields: (t) => ({
    sessions: t.exposeInt('sessions', { nullable: true }),
    gpu: t.exposeInt('gpu', { nullable: true }),
    cpu: t.expose('cpu', { type: 'Quantity', nullable: true }),
    memory: t.expose('memory', { type: 'Quantity', nullable: true }),
    storage: t.expose('storage', { type: 'Quantity', nullable: true }),
  }),
});

const usage = builder.objectRef<NonNullable<VDIUserStatus['usage']>>('UserUsage').implement({
  description: 'What all sessions of the user hold together.',
  fields: (t) => ({
    gpu: t.exposeInt('gpu', { nullable: true }),
    cpu: t.expose('cpu', { type: 'Quantity', nullable: true }),
    memory: t.expose('memory', { type: 'Quantity', nullable: true }),
    storage: t.expose('storage', { type: 'Quantity', nullable: true }),
  }),
});

const spec = builder.objectRef<VDIUserSpec>('VDIUserSpec').implement({
  fields: (t) => ({
    user: t.exposeString('user'),
    email: t.exposeString('email', { nullable: true }),
    groups: t.stringList({ resolve: ({ groups }) => groups ?? [] }),
    quota: t.field({ type: quota, resolve: (user) => user.quota ?? {} }),
    disabled: t.boolean({ resolve: ({ disabled }) => disabled ?? false }),
  }),
});

const status = builder.objectRef<VDIUserStatus>('VDIUserStatus').implement({
  fields: (t) => ({
    sessions: t.int({ resolve: ({ sessions }) => sessions ?? 0 }),
    usage: t.field({ type: usage, resolve: (user) => user.usage ?? {} }),
  }),
});

export const user = builder.objectRef<VDIUser>('VDIUser').implement({
  description: 'A user: identity, quota and usage.',
  fields: (t) => ({
    name: t.string({ resolve: ({ metadata }) => metadata.name }),
    metadata: t.expose('metadata', { type: objectMetadata }),
    spec: t.expose('spec', { type: spec }),
    status: t.field({ type: status, resolve: (found) => found.status ?? {} }),
  }),
});

const roles: readonly PlatformRole[] = ['user', 'operator', 'admin'];
const platformRole = builder.enumType('PlatformRole', { values: roles });

export const me = builder.objectRef<Principal>('Me').implement({
  description: 'The caller.',
  fields: (t) => ({
    user: t.exposeString('user'),
    displayName: t.exposeString('displayName'),
    groups: t.stringList({ resolve: ({ groups }) => groups }),
    roles: t.field({ type: [platformRole], resolve: (caller) => caller.roles }),
    expiresAt: t.field({ type: 'DateTime', resolve: (caller) => caller.expiresAt.toISOString() }),
    account: t.field({
      type: user,
      nullable: true,
      description: 'What the platform keeps about the caller: quota and usage. Null until it has such a record.',
      resolve: (caller, _args, { platform }) => platform.catalog.user(caller.user),
    }),
  }),
});
