import {
  choice,
  flag,
  integer,
  keyedList,
  optional,
  quantity,
  section,
  setOf,
  subdomainPattern,
  text,
} from './schema/field.ts';
import { defineKind, type ObjectOf, type ValueOf } from './schema/kind.ts';
import { userName } from './user-name.ts';

export const homeReclaimPolicies = ['Retain', 'Delete'] as const;

const amounts = (whenAbsent?: string) => {
  const absent = whenAbsent === undefined ? {} : { whenAbsent };
  return {
    gpu: optional(integer('GPU slices.', absent)),
    cpu: optional(quantity('CPU cores.', absent)),
    memory: optional(quantity('Memory.', absent)),
    storage: optional(quantity('Size of all homes together.', absent)),
  };
};

const spec = section('Who somebody is and what they may use.', {
  user: userName('The user name in lower case, as in `VDISession.spec.user`. Cannot be changed.', [
    {
      rule: 'self == oldSelf',
      message: 'user cannot be changed: the name of the object and of the home follow from it; create another VDIUser',
    },
  ]),
  subject: optional(
    text(
      'Identity at the provider, `issuer#subject`. Bound at the first login; an administrator rebinds it by removing it.',
      {
        maxLength: 1024,
        pattern: '^[^#]+#.+$',
        whenAbsent: 'whoever logs in first with this user name',
      },
    ),
  ),
  email: optional(text('E-mail address, for display.', { maxLength: 254, whenAbsent: 'none' })),
  groups: optional(
    setOf('Groups of the user, refreshed at each login.', text('Name of a group.'), {
      maxItems: 256,
      whenAbsent: 'none',
    }),
  ),
  quota: optional(
    section('What all running sessions of the user may hold together.', {
      sessions: optional(integer('Sessions, suspended ones included.', { whenAbsent: "the operator's default quota" })),
      ...amounts("the operator's default quota"),
    }),
  ),
  home: optional(
    section('The home volume.', {
      size: optional(
        quantity('Size, used when the home is created; a larger one grows it where the storage class can.', {
          whenAbsent: '`persistence.size` of the template',
        }),
      ),
      storageClassName: optional(
        text('Storage class, used when the home is created.', {
          pattern: subdomainPattern,
          whenAbsent: '`persistence.storageClassName` of the template',
        }),
      ),
      reclaim: optional(
        choice(homeReclaimPolicies, 'What happens to the home when this object is deleted.', {
          whenAbsent: '`Retain`',
        }),
      ),
    }),
  ),
  preferences: optional(
    section('What the user likes; desktops start with it.', {
      keyboardLayout: optional(
        text('XKB layout, such as `us` or `de(neo)`.', {
          maxLength: 64,
          pattern: '^[A-Za-z0-9_,()-]+$',
          whenAbsent: "the browser's keyboard",
        }),
      ),
      locale: optional(
        text('Locale, such as `en_US.UTF-8`.', {
          maxLength: 64,
          pattern: '^[A-Za-z0-9_.@-]+$',
          whenAbsent: "the browser's language",
        }),
      ),
      timeZone: optional(
        text('IANA time zone, such as `Europe/Zurich`.', {
          maxLength: 64,
          pattern: '^[A-Za-z0-9_+/-]+$',
          whenAbsent: "the browser's time zone",
        }),
      ),
    }),
  ),
  disabled: optional(
    flag('Whether the user is locked out: no login, and running sessions end their streams.', {
      whenAbsent: '`false`',
    }),
  ),
});

const status = section('What the user holds now.', {
  sessions: optional(integer('How many sessions the user has.')),
  usage: optional(section('What they hold together, in the units of the quota.', amounts())),
  homeClaims: optional(
    keyedList(
      'The homes of the user: one in each namespace where a session of theirs has run.',
      section('One PersistentVolumeClaim.', {
        namespace: text('Namespace of the claim.', { maxLength: 63 }),
        name: text('Name of the claim.'),
      }),
      { keys: ['namespace', 'name'], maxItems: 64 },
    ),
  ),
});

/** A person. */
export const vdiUser = defineKind({
  kind: 'VDIUser',
  shortNames: ['vdiu'],
  scope: 'Cluster',
  description: 'A user: identity, quota, home and preferences. Named by the key that follows from the user name.',
  columns: [
    { name: 'User', type: 'string', jsonPath: '.spec.user' },
    { name: 'Sessions', type: 'integer', jsonPath: '.status.sessions' },
    { name: 'Disabled', type: 'boolean', jsonPath: '.spec.disabled' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
    { name: 'Email', type: 'string', jsonPath: '.spec.email', priority: 1 },
  ],
  selectableFields: ['spec.user', 'spec.email'],
  rules: [
    {
      rule: "self.metadata.name.matches('^[a-z2-7]{32}$')",
      message:
        'a VDIUser is named by the key of its user: write the lower-case base32 of the first 160 bits of SHA-256(user), 32 characters',
    },
  ],
  schema: { spec, status },
});

export type VDIUserSpec = ValueOf<typeof spec>;
export type VDIUserStatus = ValueOf<typeof status>;
export type VDIUser = ObjectOf<'VDIUser', VDIUserSpec, VDIUserStatus>;
