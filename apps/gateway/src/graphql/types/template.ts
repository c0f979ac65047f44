import { effectiveTemplate, type EffectiveTemplate, type VDITemplate, type VDITemplateStatus } from '@vdi/api';
import { builder } from '../builder.ts';
import { condition, objectMetadata } from './metadata.ts';

type Resources = NonNullable<EffectiveTemplate['resources']>;

const resources = builder.objectRef<Resources>('VDITemplateResources').implement({
  description: 'What a session gets when it asks for nothing, and the most it may ask for.',
  fields: (t) => {
    const amount = (name: 'defaultMemory' | 'defaultCPU' | 'maxMemory' | 'maxCPU') =>
      t.field({ type: 'Quantity', nullable: true, resolve: (found) => found[name] });
    return {
      defaultGPU: t.int({ resolve: ({ defaultGPU }) => defaultGPU ?? 0 }),
      defaultMemory: amount('defaultMemory'),
      defaultCPU: amount('defaultCPU'),
      maxGPU: t.exposeInt('maxGPU', { nullable: true }),
      maxMemory: amount('maxMemory'),
      maxCPU: amount('maxCPU'),
    };
  },
});

type Application = NonNullable<EffectiveTemplate['applications']>[number];

const application = builder.objectRef<Application>('VDITemplateApplication').implement({
  fields: (t) => ({ name: t.exposeString('name'), icon: t.exposeString('icon', { nullable: true }) }),
});

const persistence = builder.objectRef<EffectiveTemplate['persistence']>('VDITemplatePersistence').implement({
  fields: (t) => ({
    enabled: t.exposeBoolean('enabled'),
    size: t.expose('size', { type: 'Quantity', nullable: true }),
  }),
});

const lifecycle = builder.objectRef<EffectiveTemplate['lifecycle']>('VDITemplateLifecycle').implement({
  fields: (t) => ({
    timeout: t.exposeString('timeout', { nullable: true }),
    idleTimeout: t.exposeString('idleTimeout', { nullable: true }),
    idleAction: t.exposeString('idleAction'),
  }),
});

const policy = builder.objectRef<EffectiveTemplate['policy']>('VDITemplatePolicy').implement({
  description: 'What may pass between desktop, browser and network.',
  fields: (t) => ({
    clipboard: t.exposeString('clipboard'),
    files: t.exposeString('files'),
    audio: t.exposeBoolean('audio'),
    microphone: t.exposeBoolean('microphone'),
    sharing: t.exposeString('sharing'),
    recording: t.exposeString('recording'),
    egress: t.exposeString('egress'),
  }),
});

/** Without environment and Pod overlay: what administrators put there is not for everybody who may start the desktop. */
const spec = builder.objectRef<EffectiveTemplate & { readonly name: string }>('VDITemplateSpec').implement({
  description: 'What the desktops of the template are, defaults filled in.',
  fields: (t) => ({
    image: t.exposeString('image'),
    displayName: t.string({ resolve: ({ displayName, name }) => displayName ?? name }),
    description: t.exposeString('description', { nullable: true }),
    icon: t.exposeString('icon', { nullable: true }),
    tags: t.stringList({ resolve: ({ tags }) => tags ?? [] }),
    protocol: t.exposeString('protocol'),
    resources: t.field({ type: resources, resolve: (template) => template.resources ?? {} }),
    applications: t.field({ type: [application], resolve: ({ applications }) => applications ?? [] }),
    persistence: t.expose('persistence', { type: persistence }),
    lifecycle: t.expose('lifecycle', { type: lifecycle }),
    policy: t.expose('policy', { type: policy }),
  }),
});

const status = builder.objectRef<VDITemplateStatus>('VDITemplateStatus').implement({
  fields: (t) => ({ conditions: t.field({ type: [condition], resolve: ({ conditions }) => conditions ?? [] }) }),
});

export const template = builder.objectRef<VDITemplate>('VDITemplate').implement({
  description: 'A kind of desktop that users can start.',
  fields: (t) => ({
    name: t.string({ resolve: ({ metadata }) => metadata.name }),
    metadata: t.expose('metadata', { type: objectMetadata }),
    spec: t.field({
      type: spec,
      resolve: (found) => ({ ...effectiveTemplate(found.spec), name: found.metadata.name }),
    }),
    status: t.field({ type: status, resolve: (found) => found.status ?? {} }),
  }),
});
