import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SoloProcess, startSoloProcess } from './solo-process.ts';

type Fields = Readonly<Record<string, unknown>>;

const namespace = 'vdi-sessions';

const an = (apiVersion: string, kind: string, fields: Fields, metadata: Fields = {}): Fields => ({
  apiVersion,
  kind,
  metadata: { name: 'broken', namespace, ...metadata },
  ...fields,
});
const container = { name: 'main', image: 'example.com/app:1' };
const pod = (spec: Fields, metadata?: Fields) =>
  an('v1', 'Pod', { spec: { containers: [container], ...spec } }, metadata);
const podWith = (fields: Fields) => pod({ containers: [{ ...container, ...fields }] });
const deployment = (spec: Fields, metadata?: Fields) =>
  an(
    'apps/v1',
    'Deployment',
    {
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
        ...spec,
      },
    },
    metadata,
  );
const service = (spec: Fields, metadata?: Fields) => an('v1', 'Service', { spec }, metadata);
const claim = (spec: Fields, metadata?: Fields) =>
  an(
    'v1',
    'PersistentVolumeClaim',
    { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } },
    metadata,
  );
const session = (spec: Fields, metadata?: Fields) =>
  an(
    'vdi.kasm.io/v1alpha1',
    'VDISession',
    { spec: { user: 'alice@example.com', template: 'xfce', ...spec } },
    metadata,
  );
const template = (spec: Fields, metadata?: Fields) =>
  an(
    'vdi.kasm.io/v1alpha1',
    'VDITemplate',
    { spec: { image: 'example.com/desktop:1', ...spec } },
    {
      namespace: undefined,
      ...metadata,
    },
  );

interface BrokenObject {
  readonly what: string;
  readonly object: Fields;
  /** 400: it has what there is not. 422: what it says is wrong. */
  readonly status: 400 | 422;
  /** What kubectl shows: the field, and what is wrong with it. */
  readonly says: string;
  /** What is there before, for changes that are not allowed. */
  readonly before?: Fields;
}

/**
 * Objects that are broken in one way each. A cluster refuses every one of them, too; of built-in kinds it says 400, and no field,
 * where a type is wrong, because it cannot read on.
 */
const brokenObjects: readonly BrokenObject[] = [
  // Types
  {
    what: 'text for a number',
    object: deployment({ replicas: 'two' }),
    status: 422,
    says: 'spec.replicas: Invalid value: "two": spec.replicas in body must be of type integer',
  },
  {
    what: 'a number for text',
    object: podWith({ image: 7 }),
    status: 422,
    says: 'spec.containers[0].image: Invalid value: 7: spec.containers[0].image in body must be of type string',
  },
  {
    what: 'an object for a list',
    object: pod({ containers: container }),
    status: 422,
    says: 'spec.containers in body must be of type array',
  },
  {
    what: 'text for a truth',
    object: session({ suspended: 'yes' }),
    status: 422,
    says: 'spec.suspended: Invalid value: "yes": spec.suspended in body must be of type boolean',
  },
  {
    what: 'a list for an object',
    object: session({ resources: [] }),
    status: 422,
    says: 'spec.resources: Invalid value: []: spec.resources in body must be of type object',
  },
  // Fields
  {
    what: 'a misspelt field',
    object: podWith({ imagePullPolcy: 'Always' }),
    status: 400,
    says: 'unknown field "spec.containers[0].imagePullPolcy"',
  },
  {
    what: 'a misspelt field of ours',
    object: session({ timeuot: '8h' }),
    status: 400,
    says: 'unknown field "spec.timeuot"',
  },
  { what: 'no containers', object: pod({ containers: [] }), status: 422, says: 'spec.containers: Required value' },
  {
    what: 'a container without a name',
    object: pod({ containers: [{ image: 'a' }] }),
    status: 422,
    says: 'spec.containers[0].name: Required value',
  },
  {
    what: 'a template without an image',
    object: an('vdi.kasm.io/v1alpha1', 'VDITemplate', { spec: {} }, { namespace: undefined }),
    status: 422,
    says: 'spec.image: Required value',
  },
  {
    what: 'a session of nobody',
    object: an('vdi.kasm.io/v1alpha1', 'VDISession', { spec: { template: 'xfce' } }),
    status: 422,
    says: 'spec.user: Required value',
  },
  {
    what: 'a claim of no size',
    object: claim({ resources: {} }),
    status: 422,
    says: 'spec.resources[storage]: Required value',
  },
  // Words
  {
    what: 'an unknown restart policy',
    object: pod({ restartPolicy: 'Sometimes' }),
    status: 422,
    says: 'spec.restartPolicy: Unsupported value: "Sometimes"',
  },
  {
    what: 'an unknown access mode',
    object: claim({ accessModes: ['ReadWriteTwice'] }),
    status: 422,
    says: 'spec.accessModes: Unsupported value: "ReadWriteTwice"',
  },
  {
    what: 'an unknown protocol',
    object: template({ protocol: 'telepathy' }),
    status: 422,
    says: 'spec.protocol: Unsupported value: "telepathy"',
  },
  {
    what: 'an unknown idle action',
    object: template({ lifecycle: { idleAction: 'sleep' } }),
    status: 422,
    says: 'spec.lifecycle.idleAction: Unsupported value: "sleep"',
  },
  {
    what: 'an unknown role of a guest',
    object: session({ shares: [{ user: 'bob@example.com', role: 'owner' }] }),
    status: 422,
    says: 'spec.shares[0].role: Unsupported value: "owner"',
  },
  // Quantities and durations
  {
    what: 'a quantity in another spelling',
    object: podWith({ resources: { limits: { memory: '1GB' } } }),
    status: 422,
    says: 'spec.containers[0].resources.limits.memory: Invalid value: "1GB": quantities must match',
  },
  {
    what: 'a quantity with a space',
    object: session({ resources: { memory: '4 Gi' } }),
    status: 422,
    says: 'spec.resources.memory',
  },
  {
    what: 'a negative quantity',
    object: session({ resources: { memory: '-1Gi' } }),
    status: 422,
    says: 'spec.resources.memory',
  },
  {
    what: 'more requested than allowed',
    object: podWith({ resources: { requests: { cpu: '2' }, limits: { cpu: '1' } } }),
    status: 422,
    says: 'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1',
  },
  {
    what: 'half a GPU',
    object: podWith({ resources: { limits: { 'nvidia.com/gpu': '500m' } } }),
    status: 422,
    says: 'spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer',
  },
  { what: 'a duration in words', object: session({ timeout: 'eight hours' }), status: 422, says: 'spec.timeout' },
  {
    what: 'a duration in days',
    object: template({ lifecycle: { timeout: '2d' } }),
    status: 422,
    says: 'spec.lifecycle.timeout',
  },
  // Numbers
  {
    what: 'negative replicas',
    object: deployment({ replicas: -1 }),
    status: 422,
    says: 'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
  },
  {
    what: 'fewer GPUs than none',
    object: session({ resources: { gpu: -1 } }),
    status: 422,
    says: 'spec.resources.gpu: Invalid value: -1: spec.resources.gpu in body should be greater than or equal to 0',
  },
  {
    what: 'a port beyond the last',
    object: podWith({ ports: [{ containerPort: 70_000 }] }),
    status: 422,
    says: 'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
  },
  {
    what: 'a port zero',
    object: service({ ports: [{ port: 0 }] }),
    status: 422,
    says: 'spec.ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive',
  },
  {
    what: 'a number with a fraction',
    object: session({ resources: { gpu: 0.5 } }),
    status: 422,
    says: 'spec.resources.gpu',
  },
  // Names and labels
  {
    what: 'a name in capitals',
    object: pod({}, { name: 'Broken' }),
    status: 422,
    says: 'metadata.name: Invalid value: "Broken": a lowercase RFC 1123 subdomain',
  },
  {
    what: 'a name with an underscore',
    object: an('v1', 'ConfigMap', {}, { name: 'a_b' }),
    status: 422,
    says: 'metadata.name: Invalid value: "a_b"',
  },
  {
    what: 'a name that is too long',
    object: an('v1', 'Namespace', {}, { name: 'a'.repeat(64), namespace: undefined }),
    status: 422,
    says: 'at most 63 characters',
  },
  {
    what: 'a session whose Pods would have too long a name',
    object: session({}, { name: 'a'.repeat(53) }),
    status: 422,
    says: 'name is at most 52 lower-case letters',
  },
  {
    what: 'a label that is an address',
    object: pod({}, { labels: { user: 'alice@example.com' } }),
    status: 422,
    says: 'metadata.labels: Invalid value: "alice@example.com": a valid label must be',
  },
  {
    what: 'a label key with a space',
    object: pod({}, { labels: { 'a key': 'b' } }),
    status: 422,
    says: 'metadata.labels: Invalid value: "a key"',
  },
  {
    what: 'a port name in capitals',
    object: podWith({ ports: [{ name: 'HTTP', containerPort: 80 }] }),
    status: 422,
    says: 'spec.containers[0].ports[0].name: Invalid value: "HTTP"',
  },
  // Lists with keys
  {
    what: 'two containers of one name',
    object: pod({ containers: [container, container] }),
    status: 422,
    says: 'spec.containers[1].name: Duplicate value: "main"',
  },
  {
    what: 'two ports of one number',
    object: service({
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 80 },
      ],
    }),
    status: 422,
    says: 'spec.ports[1]: Duplicate value',
  },
  {
    what: 'two ports without names',
    object: service({ ports: [{ port: 80 }, { port: 81 }] }),
    status: 422,
    says: 'spec.ports[0].name: Required value',
  },
  {
    what: 'a guest who is invited twice',
    object: session({
      shares: [
        { user: 'bob@example.com', role: 'view' },
        { user: 'bob@example.com', role: 'control' },
      ],
    }),
    status: 422,
    says: 'spec.shares[1]: Duplicate value',
  },
  // What does not go together
  {
    what: 'a mount of no volume',
    object: podWith({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
    status: 422,
    says: 'spec.containers[0].volumeMounts[0].name: Not found: "data"',
  },
  {
    what: 'a selector that misses the Pods',
    object: deployment({ selector: { matchLabels: { app: 'db' } } }),
    status: 422,
    says: 'spec.template.metadata.labels: Invalid value',
  },
  {
    what: 'an address range that is none',
    object: an('networking.k8s.io/v1', 'NetworkPolicy', {
      spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: '10.0.0.0' } }] }] },
    }),
    status: 422,
    says: 'spec.ingress[0].from[0].ipBlock.cidr: Invalid value: "10.0.0.0"',
  },
  {
    what: 'a session that is shared with its owner',
    object: session({ shares: [{ user: 'alice@example.com', role: 'view' }] }),
    status: 422,
    says: 'shares names the owner of the session, who needs no share: remove that entry',
  },
  {
    what: 'a user name in capitals',
    object: session({ user: 'Alice@example.com' }),
    status: 422,
    says: 'a user name has no capital letters, spaces or control characters',
  },
  {
    what: 'a template that gives more than it allows',
    object: template({ resources: { defaultGPU: 2, maxGPU: 1 } }),
    status: 422,
    says: 'defaultGPU is above maxGPU: lower the one or raise the other',
  },
  {
    what: 'an idle time that never comes',
    object: template({ lifecycle: { timeout: '1h', idleTimeout: '2h' } }),
    status: 422,
    says: 'idleTimeout is longer than timeout and would never be reached',
  },
  {
    what: 'a sidecar that takes the name of the display',
    object: template({ sidecars: [{ name: 'display', image: 'a' }] }),
    status: 422,
    says: 'the names display and desktop are taken: call the sidecar something else',
  },
  // Changes
  {
    what: 'another user for a session',
    before: session({}, { name: 'kept' }),
    object: session({ user: 'bob@example.com' }, { name: 'kept' }),
    status: 422,
    says: 'user cannot be changed: delete the session and create another one',
  },
  {
    what: 'another selector for a Deployment',
    before: deployment({}, { name: 'kept' }),
    object: deployment(
      {
        selector: { matchLabels: { tier: 'web' } },
        template: { metadata: { labels: { tier: 'web' } }, spec: { containers: [container] } },
      },
      { name: 'kept' },
    ),
    status: 422,
    says: 'field is immutable',
  },
  {
    what: 'another restart policy of a Pod',
    before: pod({}, { name: 'kept' }),
    object: pod({ restartPolicy: 'Never' }, { name: 'kept' }),
    status: 422,
    says: 'spec: Forbidden: pod updates may not change fields other than',
  },
  {
    what: 'a smaller home',
    before: claim({ resources: { requests: { storage: '2Gi' } } }, { name: 'kept' }),
    object: claim({}, { name: 'kept' }),
    status: 422,
    says: 'spec.resources.requests.storage: Forbidden: field can not be less than',
  },
  {
    what: 'another value of an immutable ConfigMap',
    before: an('v1', 'ConfigMap', { immutable: true, data: { a: '1' } }, { name: 'kept' }),
    object: an('v1', 'ConfigMap', { immutable: true, data: { a: '2' } }, { name: 'kept' }),
    status: 422,
    says: 'data: Forbidden: field is immutable when `immutable` is set',
  },
  {
    what: 'another role for a binding',
    before: an(
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' } },
      { name: 'kept' },
    ),
    object: an(
      'rbac.authorization.k8s.io/v1',
      'RoleBinding',
      { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'writer' } },
      { name: 'kept' },
    ),
    status: 422,
    says: 'roleRef: Invalid value',
  },
];

describe('an object that is broken', () => {
  let solo: SoloProcess;
  beforeAll(async () => {
    solo = await startSoloProcess();
    for (const { before } of brokenObjects) {
      if (before !== undefined) await solo.kubectlOk(['apply', '-f', '-'], { stdin: JSON.stringify(before) });
    }
  });
  afterAll(() => solo[Symbol.asyncDispose]());

  it.each(brokenObjects)('by $what is refused with $status: $says', async ({ object, status, says }) => {
    // At this level of chatter kubectl names each answer of the server.
    const { code, stderr } = await solo.kubectl(['apply', '-v=6', '-f', '-'], { stdin: JSON.stringify(object) });
    const answers = [...stderr.matchAll(/verb="(?:POST|PATCH)".* status="(\d+)/g)].map(([, answer]) => Number(answer));
    const shown = stderr.replaceAll(/^I\d{4} .*\n/gm, '');
    expect({ code, answers, shown }).toEqual({
      code: 1,
      answers: [status],
      shown: expect.stringContaining(says) as string,
    });
  });

  it('leaves nothing behind', async () => {
    const kinds = 'pods,deployments,services,configmaps,networkpolicies,pvc,vdisessions,vditemplates';
    const names = await solo.kubectlOk(['get', kinds, '-A', '-o', 'name']);
    expect(names.split('\n').filter((name) => name.endsWith('/broken'))).toEqual([]);
  });
});
