import {
  flag,
  halfOpaque,
  integer,
  labelPattern,
  opaque,
  optional,
  section,
  sequence,
  subdomainPattern,
  text,
  textMap,
} from './schema/field.ts';

/** Fields that a template hands on to Kubernetes' Pod, in Kubernetes' own shape. */

const keyReference = (description: string, object: string) =>
  section(description, {
    name: text(`Name of the ${object}, in the namespace of the session.`, { pattern: subdomainPattern }),
    key: text('Key within it.'),
    optional: optional(
      flag('Start without the variable when the object or the key is missing.', { whenAbsent: '`false`' }),
    ),
  });

/** One environment variable. A literal value or a reference, never both. */
export const environmentVariable = section(
  'One environment variable.',
  {
    name: text('Name of the variable.', { minLength: 1, pattern: '^[-._a-zA-Z][-._a-zA-Z0-9]*$' }),
    value: optional(text('Literal value.', { maxLength: 32_768, whenAbsent: 'what `valueFrom` gives, else empty' })),
    valueFrom: optional(
      section('Where the value comes from instead. Exactly one source.', {
        secretKeyRef: optional(keyReference('A key of a Secret.', 'Secret')),
        configMapKeyRef: optional(keyReference('A key of a ConfigMap.', 'ConfigMap')),
        fieldRef: optional(
          section('A field of the Pod.', { fieldPath: text('Path of the field, such as `status.podIP`.') }),
        ),
      }),
    ),
  },
  {
    rules: [
      {
        rule: '!(has(self.value) && has(self.valueFrom))',
        message: 'a variable has either value or valueFrom: remove one of them',
      },
    ],
  },
);

/** Name of a Secret with registry credentials. */
export const imagePullSecret = section('One registry credential.', {
  name: text('Name of a Secret of type `kubernetes.io/dockerconfigjson` in the namespace of the session.', {
    pattern: subdomainPattern,
  }),
});

/** A container of the administrator's own that runs beside the desktop. */
export const sidecar = halfOpaque(
  'One container, in the shape of a Pod container. It gets the same restrictions as the desktop, and neither the home nor the Secret of the session.',
  {
    name: text('Name of the container; `display` and `desktop` are taken.', {
      maxLength: 63,
      pattern: labelPattern,
      rules: [
        {
          rule: "!(self in ['display', 'desktop'])",
          message: 'the names display and desktop are taken: call the sidecar something else',
        },
      ],
    }),
    image: text('Image of the container.', { minLength: 1, maxLength: 512 }),
  },
);

const toleration = section('One toleration.', {
  key: optional(text('Key of the taint.', { maxLength: 317, whenAbsent: 'every taint, with operator `Exists`' })),
  operator: optional(
    text('`Equal`, `Exists`, or on newer clusters `Lt` and `Gt`.', {
      pattern: '^(Equal|Exists|Lt|Gt)$',
      maxLength: 8,
      whenAbsent: '`Equal`',
    }),
  ),
  value: optional(text('Value of the taint, for `Equal`.', { whenAbsent: 'empty' })),
  effect: optional(
    text('Effect of the taint.', {
      pattern: '^(NoSchedule|PreferNoSchedule|NoExecute)$',
      maxLength: 16,
      whenAbsent: 'every effect',
    }),
  ),
  tolerationSeconds: optional(
    integer('How long a `NoExecute` taint is tolerated, in seconds.', { whenAbsent: 'for ever' }),
  ),
});

/** Where the Pod may run. */
export const scheduling = section('On which nodes sessions run, and with which rank.', {
  nodeSelector: optional(textMap('Labels that a node must have.', { maxProperties: 32 })),
  tolerations: optional(sequence('Taints that sessions tolerate.', toleration, { maxItems: 32 })),
  affinity: optional(opaque('Node and pod affinity, in the shape of `Pod.spec.affinity`.')),
  runtimeClassName: optional(
    text('RuntimeClass, such as `nvidia` or `gvisor`.', {
      pattern: subdomainPattern,
      whenAbsent: 'the class that the operator is configured with for GPU sessions, else that of the cluster',
    }),
  ),
  priorityClassName: optional(
    text('PriorityClass; decides who waits when GPU slices are short.', {
      pattern: subdomainPattern,
      whenAbsent: "the cluster's default class",
    }),
  ),
});
