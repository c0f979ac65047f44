import { conditionList } from './condition.ts';
import { phases } from './phase.ts';
import {
  choice,
  duration,
  flag,
  integer,
  keyedList,
  labelPattern,
  optional,
  quantity,
  section,
  subdomainPattern,
  text,
  timestamp,
} from './schema/field.ts';
import { defineKind, type ObjectOf, type ValueOf } from './schema/kind.ts';
import { timelineStages } from './timeline.ts';
import { userName } from './user-name.ts';

/** Longest name of a session: leaves room for `-<incarnation>` in the name of its Pod. */
export const sessionNameMaxLength = 52;

export const shareRoles = ['view', 'control'] as const;
export type ShareRole = (typeof shareRoles)[number];

const share = section('One other user.', {
  user: userName('Who may join.'),
  role: choice(shareRoles, '`view` sees the desktop; `control` may also ask for keyboard and mouse.'),
});

const spec = section(
  'What somebody asks for.',
  {
    user: userName(
      'Whose desktop this is: the user name in lower case, normally an e-mail address. Cannot be changed.',
      [{ rule: 'self == oldSelf', message: 'user cannot be changed: delete the session and create another one' }],
    ),
    template: text('Name of the VDITemplate. Cannot be changed.', {
      minLength: 1,
      maxLength: 63,
      pattern: labelPattern,
      rules: [
        { rule: 'self == oldSelf', message: 'template cannot be changed: delete the session and create another one' },
      ],
    }),
    displayName: optional(
      text('What the dashboard calls the session.', { whenAbsent: 'the display name of the template' }),
    ),
    resources: optional(
      section('What the desktop gets. Limits; the operator requests a fraction of them from the scheduler.', {
        gpu: optional(
          integer('GPU time slices. 0 means encoding and drawing in software.', {
            maximum: 64,
            whenAbsent: '`resources.defaultGPU` of the template',
          }),
        ),
        memory: optional(
          quantity('Memory, such as `4Gi`.', { whenAbsent: '`resources.defaultMemory` of the template' }),
        ),
        cpu: optional(
          quantity('CPU cores, such as `2` or `500m`.', { whenAbsent: '`resources.defaultCPU` of the template' }),
        ),
      }),
    ),
    persistence: optional(
      section('The home of the user.', {
        enabled: optional(
          flag('Whether the home of the user is mounted. Without it files are gone when the desktop stops.', {
            whenAbsent: '`persistence.enabled` of the template',
          }),
        ),
        size: optional(
          quantity('Size of the home, used when it is created; a larger one grows it where the storage class can.', {
            whenAbsent: '`home.size` of the VDIUser, else `persistence.size` of the template',
          }),
        ),
      }),
    ),
    timeout: optional(
      duration(
        'Life of the session, counted from `startTime`, suspended or not. Then the session is deleted; the home stays.',
        { whenAbsent: '`lifecycle.timeout` of the template' },
      ),
    ),
    suspended: optional(
      flag('Whether the desktop should be stopped now. Home, host name and route stay; `false` brings it back.', {
        whenAbsent: '`false`',
      }),
    ),
    shares: optional(
      keyedList('Others who may join this desktop, as far as the policy of the template allows.', share, {
        keys: ['user'],
        maxItems: 32,
        whenAbsent: 'nobody',
      }),
    ),
  },
  {
    rules: [
      {
        rule: '!has(self.shares) || self.shares.all(share, share.user != self.user)',
        message: 'shares names the owner of the session, who needs no share: remove that entry',
      },
    ],
  },
);

const status = section('What the operator has seen and concluded.', {
  phase: optional(choice(phases, 'One word for people, derived from the conditions.')),
  podName: optional(text('Name of the present Pod.', { maxLength: 63 })),
  host: optional(text('First label of the host name, such as `alice`. Given once, then kept.', { maxLength: 63 })),
  url: optional(text('Where the desktop is reached.', { maxLength: 512 })),
  startTime: optional(timestamp('When the first Pod was created; the timeout counts from here.')),
  message: optional(text('What is going on, in one sentence.', { maxLength: 4096 })),
  observedGeneration: optional(integer('The generation of the object that this status was concluded from.')),
  conditions: optional(conditionList),
  readyTime: optional(timestamp('When the desktop first became ready.')),
  expiresAt: optional(timestamp('When the session will be deleted: `startTime` plus the timeout.')),
  lastActivityTime: optional(timestamp('Last key press, pointer motion or touch of any viewer.')),
  idleDeadline: optional(timestamp('When the session will be suspended or terminated unless somebody does something.')),
  homeClaim: optional(
    text('Name of the PersistentVolumeClaim of the home. Written once, then kept.', { pattern: subdomainPattern }),
  ),
  node: optional(text('Node of the present Pod.')),
  gpu: optional(integer('GPU slices that the present Pod holds; a second one for drawing counts.')),
  encoder: optional(text('Video encoder in use, such as `nvh264enc` or `x264enc`.', { maxLength: 64 })),
  viewers: optional(integer('How many browsers are connected.')),
  timeline: optional(
    keyedList(
      'When each stage of the latest start was first reached.',
      section('One stage.', {
        stage: choice(timelineStages, 'Name of the stage.'),
        at: timestamp('When it was reached, in milliseconds.'),
        message: optional(text('What there is to know about it.', { maxLength: 1024 })),
      }),
      { keys: ['stage'], maxItems: 16 },
    ),
  ),
});

/** One desktop of one user. */
export const vdiSession = defineKind({
  kind: 'VDISession',
  shortNames: ['vdi'],
  scope: 'Namespaced',
  description: 'A desktop of one user, made from a VDITemplate.',
  columns: [
    { name: 'User', type: 'string', jsonPath: '.spec.user' },
    { name: 'Template', type: 'string', jsonPath: '.spec.template' },
    { name: 'Phase', type: 'string', jsonPath: '.status.phase' },
    { name: 'URL', type: 'string', jsonPath: '.status.url' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Node', type: 'string', jsonPath: '.status.node', priority: 1 },
    { name: 'Encoder', type: 'string', jsonPath: '.status.encoder', priority: 1 },
    { name: 'Message', type: 'string', jsonPath: '.status.message', priority: 1 },
  ],
  selectableFields: ['spec.user', 'spec.template'],
  rules: [
    {
      // Services and Pods carry this name: RFC 1035 labels.
      rule: `self.metadata.name.size() <= ${sessionNameMaxLength} && self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')`,
      message: `name is at most ${sessionNameMaxLength} lower-case letters, digits and "-", begins with a letter and does not end with "-": Pods and Services are named after it`,
    },
  ],
  schema: { spec, status },
});

export type VDISessionSpec = ValueOf<typeof spec>;
export type VDISessionStatus = ValueOf<typeof status>;
export type VDISession = ObjectOf<'VDISession', VDISessionSpec, VDISessionStatus>;
