import { activeWindowPattern } from './active-window.ts';
import { conditionList } from './condition.ts';
import { environmentVariable, imagePullSecret, scheduling, sidecar } from './pod-fields.ts';
import { policy } from './policy.ts';
import {
  choice,
  duration,
  flag,
  integer,
  keyedList,
  labelPattern,
  opaque,
  optional,
  quantity,
  section,
  sequence,
  setOf,
  subdomainPattern,
  text,
} from './schema/field.ts';
import { defineKind, type ObjectOf, type ValueOf } from './schema/kind.ts';
import { printed, templateDefaults } from './template-defaults.ts';
import { userName } from './user-name.ts';

export const protocols = ['webrtc', 'vnc', 'selkies', 'kasmvnc', 'http'] as const;
export type Protocol = (typeof protocols)[number];

export const gpuModes = ['shared', 'exclusive', 'none'] as const;
export const encoderChoices = ['auto', 'nvenc', 'software'] as const;

const word = (description: string) => text(description, { maxLength: 4096 });
const absolutePath = String.raw`^/[^:\x00]*$`;

const resources = section(
  'What a session gets when it asks for nothing, and the most it may ask for.',
  {
    defaultGPU: optional(integer('GPU time slices.', { maximum: 64, whenAbsent: '`0`' })),
    defaultMemory: optional(quantity('Memory.', { whenAbsent: "the operator's setting" })),
    defaultCPU: optional(quantity('CPU cores.', { whenAbsent: "the operator's setting" })),
    maxGPU: optional(integer('Most GPU time slices.', { maximum: 64, whenAbsent: 'the larger of `defaultGPU` and 1' })),
    maxMemory: optional(quantity('Most memory.', { whenAbsent: 'limited by the quota of the user alone' })),
    maxCPU: optional(quantity('Most CPU cores.', { whenAbsent: 'limited by the quota of the user alone' })),
  },
  {
    rules: [
      {
        rule: '!has(self.defaultGPU) || !has(self.maxGPU) || self.defaultGPU <= self.maxGPU',
        message: 'defaultGPU is above maxGPU: lower the one or raise the other',
      },
      // Quantities with a unit cannot be compared in portable CEL; the operator compares those.
      {
        rule: '!has(self.defaultCPU) || !has(self.maxCPU) || type(self.defaultCPU) != int || type(self.maxCPU) != int || self.defaultCPU <= self.maxCPU',
        message: 'defaultCPU is above maxCPU: lower the one or raise the other',
      },
    ],
  },
);

const gpu = section(
  'How sessions use a GPU.',
  {
    mode: optional(
      choice(gpuModes, '`shared`: time slices; `exclusive`: a whole GPU; `none`: never.', {
        whenAbsent: printed(templateDefaults.gpu.mode),
      }),
    ),
    render: optional(
      flag('Whether the desktop draws on the GPU too (OpenGL). Holds a second slice beside that of the encoder.', {
        whenAbsent: printed(templateDefaults.gpu.render),
      }),
    ),
    memory: optional(
      quantity('GPU memory that a session needs, where the cluster can account for it.', {
        whenAbsent: 'not accounted',
      }),
    ),
    encoder: optional(
      choice(encoderChoices, 'Video encoder. `auto` tries the GPU first.', {
        whenAbsent: printed(templateDefaults.gpu.encoder),
      }),
    ),
    whenUnavailable: optional(
      choice(['wait', 'software'], 'With no GPU slice free: wait for one, or start without.', {
        whenAbsent: printed(templateDefaults.gpu.whenUnavailable),
      }),
    ),
  },
  {
    rules: [
      {
        rule: "!has(self.mode) || self.mode != 'none' || ((!has(self.render) || !self.render) && (!has(self.encoder) || self.encoder != 'nvenc'))",
        message:
          'mode none leaves nothing to render or encode on: remove render and encoder nvenc, or choose mode shared',
      },
    ],
  },
);

const application = section('One launcher.', {
  name: text('What the menu says.', { minLength: 1, maxLength: 128 }),
  icon: optional(
    text('File name in the icon set, or an https URL.', { maxLength: 1024, whenAbsent: 'a generic icon' }),
  ),
  command: optional(
    sequence('What to start inside the running desktop.', word('One word of it.'), {
      maxItems: 64,
      whenAbsent: 'the `name` in lower case, without spaces',
    }),
  ),
});

const sharedVolume = section('One volume that all sessions of the template see.', {
  name: text('Name of the volume.', { maxLength: 63, pattern: labelPattern }),
  claimName: text('PersistentVolumeClaim in the namespace of the session.', { pattern: subdomainPattern }),
  mountPath: text('Where it appears in the desktop.', { maxLength: 1024, pattern: absolutePath }),
  readOnly: optional(
    flag('Whether sessions may only read it.', { whenAbsent: printed(templateDefaults.sharedVolume.readOnly) }),
  ),
});

const persistence = section('The home of the user.', {
  enabled: optional(
    flag('Whether sessions mount the home of their user.', {
      whenAbsent: printed(templateDefaults.persistence.enabled),
    }),
  ),
  size: optional(quantity('Size of a home that is created.', { whenAbsent: "the operator's setting" })),
  storageClassName: optional(
    text('Storage class of a home that is created.', {
      pattern: subdomainPattern,
      whenAbsent: '`vdi-homes` where the chart made it, else the default class',
    }),
  ),
  mountPath: optional(
    text('Where the home appears in the desktop.', {
      maxLength: 1024,
      pattern: absolutePath,
      whenAbsent: `the home that the image is known to use, else ${printed(templateDefaults.persistence.mountPath)}`,
    }),
  ),
  sharedVolumes: optional(
    keyedList('Volumes beside the home.', sharedVolume, { keys: ['name'], maxItems: 16, whenAbsent: 'none' }),
  ),
});

const lifecycle = section(
  'How long sessions live.',
  {
    timeout: optional(duration('Life of a session that names none, counted from its start.', { whenAbsent: 'no end' })),
    idleTimeout: optional(duration('How long a session without input stays.', { whenAbsent: 'for ever' })),
    idleAction: optional(
      choice(
        ['suspend', 'terminate'],
        'What happens then: stop the desktop, or delete the session. The home stays in both cases.',
        { whenAbsent: printed(templateDefaults.lifecycle.idleAction) },
      ),
    ),
    startDeadline: optional(
      duration('How long a start may take before the session fails.', { whenAbsent: "the operator's setting" }),
    ),
    gracePeriod: optional(
      duration('How long applications may take to save when the desktop stops.', {
        whenAbsent: printed(templateDefaults.lifecycle.gracePeriod),
      }),
    ),
    schedule: optional(
      section('Hours in which sessions may run. Outside of them they are suspended.', {
        timeZone: optional(
          text('IANA time zone of the hours.', {
            maxLength: 64,
            pattern: '^[A-Za-z0-9_+/-]+$',
            whenAbsent: printed(templateDefaults.schedule.timeZone),
          }),
        ),
        active: sequence(
          'Windows, such as `Mon-Fri 08:00-18:00`.',
          text('Days and hours.', { maxLength: 64, pattern: activeWindowPattern }),
          { maxItems: 32 },
        ),
      }),
    ),
  },
  {
    rules: [
      {
        rule: '!has(self.timeout) || !has(self.idleTimeout) || duration(self.idleTimeout) <= duration(self.timeout)',
        message: 'idleTimeout is longer than timeout and would never be reached: shorten it or remove it',
      },
    ],
  },
);

const spec = section('What the desktops made from this template are.', {
  image: text('Container image of the desktop: any image with an X client, or one that brings its own web desktop.', {
    minLength: 1,
    maxLength: 512,
    pattern: String.raw`^\S+$`,
  }),
  displayName: optional(text('What the dashboard calls the template.', { whenAbsent: 'the name of the object' })),
  description: optional(
    text('One or two sentences for the person who chooses.', { maxLength: 2048, whenAbsent: 'none' }),
  ),
  icon: optional(
    text('File name in the icon set, or an https URL.', { maxLength: 1024, whenAbsent: 'a generic icon' }),
  ),
  tags: optional(
    setOf('Words to find the template by.', text('One word.', { maxLength: 63 }), { maxItems: 32, whenAbsent: 'none' }),
  ),
  command: optional(
    sequence('What to run instead of the entry point of the image.', word('One word of it.'), {
      maxItems: 64,
      whenAbsent: 'the entry point of the image',
    }),
  ),
  args: optional(
    sequence('Arguments of it.', word('One argument.'), { maxItems: 64, whenAbsent: 'those of the image' }),
  ),
  env: optional(
    keyedList('Environment variables of the desktop.', environmentVariable, {
      keys: ['name'],
      maxItems: 128,
      whenAbsent: 'none',
    }),
  ),
  protocol: optional(
    choice(
      protocols,
      'How the desktop is streamed. `webrtc` and `vnc` are ours and work with any image; the others are served by the image itself.',
      {
        whenAbsent: '`webrtc`; for images known to bring their own web desktop, theirs',
      },
    ),
  ),
  port: optional(
    integer('Port of the web desktop that the image itself serves.', {
      minimum: 1,
      maximum: 65_535,
      whenAbsent: `the port that the image is known to use, else ${printed(templateDefaults.port)}`,
    }),
  ),
  resources: optional(resources),
  gpu: optional(gpu),
  applications: optional(
    keyedList("Launchers in the viewer's menu, started inside the running desktop.", application, {
      keys: ['name'],
      maxItems: 64,
      whenAbsent: 'none',
    }),
  ),
  persistence: optional(persistence),
  lifecycle: optional(lifecycle),
  access: optional(
    section(
      'Who may use the template.',
      {
        users: optional(
          setOf('User names.', userName('One user name.'), {
            maxItems: 1024,
            whenAbsent: 'nobody, unless `groups` names somebody',
          }),
        ),
        groups: optional(setOf('Groups.', text('One group.'), { maxItems: 256, whenAbsent: 'none' })),
      },
      { whenAbsent: 'everybody who can log in' },
    ),
  ),
  policy: optional(policy),
  scheduling: optional(scheduling),
  imagePullSecrets: optional(
    keyedList('Registry credentials for the image.', imagePullSecret, {
      keys: ['name'],
      maxItems: 16,
      whenAbsent: 'none',
    }),
  ),
  sidecars: optional(
    keyedList('Containers beside the desktop.', sidecar, { keys: ['name'], maxItems: 8, whenAbsent: 'none' }),
  ),
  security: optional(
    section('How tightly the desktop is held.', {
      runAsUser: optional(
        integer(
          'User id of desktop and display. 0 works only in namespaces where an administrator allows the `baseline` profile.',
          { maximum: 2_147_483_647, whenAbsent: printed(templateDefaults.security.runAsUser) },
        ),
      ),
      readOnlyRootFilesystem: optional(
        flag('Whether the desktop may write only to its home and to temporary volumes.', {
          whenAbsent: `${printed(templateDefaults.security.readOnlyRootFilesystem)}; \`false\` for images that bring their own web desktop`,
        }),
      ),
    }),
  ),
  podOverlay: optional(
    opaque(
      'Changes to the Pod, merged last (strategic merge). For administrators; fields that keep sessions apart are refused.',
      { whenAbsent: 'none' },
    ),
  ),
});

const status = section('What the operator has concluded.', {
  observedGeneration: optional(integer('The generation of the object that this status was concluded from.')),
  conditions: optional(conditionList),
});

/** A desktop that users can choose. */
export const vdiTemplate = defineKind({
  kind: 'VDITemplate',
  shortNames: ['vdit'],
  scope: 'Cluster',
  description: 'A kind of desktop that users can start: image, size, lifetime and policy.',
  columns: [
    { name: 'Display Name', type: 'string', jsonPath: '.spec.displayName' },
    { name: 'Image', type: 'string', jsonPath: '.spec.image' },
    { name: 'GPU', type: 'integer', jsonPath: '.spec.resources.defaultGPU' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Protocol', type: 'string', jsonPath: '.spec.protocol', priority: 1 },
  ],
  selectableFields: [],
  rules: [
    {
      // It becomes a label value and the value of spec.template.
      rule: "self.metadata.name.size() <= 63 && self.metadata.name.matches('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$')",
      message: 'name is at most 63 lower-case letters, digits and "-": sessions are labelled with it',
    },
  ],
  schema: { spec, status },
});

export type VDITemplateSpec = ValueOf<typeof spec>;
export type VDITemplateStatus = ValueOf<typeof status>;
export type VDITemplate = ObjectOf<'VDITemplate', VDITemplateSpec, VDITemplateStatus>;
