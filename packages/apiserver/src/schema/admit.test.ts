import { describe, expect, it } from 'vitest';

import { builtinResources } from '../resource/builtin-resources.ts';
import type { KubernetesObject } from '../resource/resource.ts';
import { admit } from './admit.ts';

const NOW = new Date('2026-11-21T09:00:00Z');

function resourceOf(object: KubernetesObject) {
  const resource = builtinResources().find(
    ({ group, version, kind }) =>
      kind === object.kind && object.apiVersion === (group ? `${group}/${version}` : version),
  );
  if (!resource) throw new Error(`${object.apiVersion} ${object.kind} is not built in`);
  return resource;
}

function judge(object: KubernetesObject, old?: KubernetesObject) {
  const { errors, unknownFields, object: admitted } = admit(resourceOf(object), object, old, { now: NOW });
  return { admitted, unknownFields, errors: errors.map(({ field, message }) => `${field}: ${message}`) };
}

type Fields = Readonly<Record<string, unknown>>;

function an(apiVersion: string, kind: string, fields: Fields, metadata: Fields = {}): KubernetesObject {
  return { apiVersion, kind, metadata: { name: 'example', namespace: 'default', ...metadata }, ...fields };
}

const container = { name: 'main', image: 'example.com/app:1' };
const aPod = (spec: Fields = {}) => an('v1', 'Pod', { spec: { containers: [container], ...spec } });
const aPodWith = (fields: Fields) => aPod({ containers: [{ ...container, ...fields }] });
const aDeployment = (spec: Fields = {}, podSpec: Fields = {}) =>
  an('apps/v1', 'Deployment', {
    spec: {
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container], ...podSpec } },
      ...spec,
    },
  });
const aService = (spec: Fields) => an('v1', 'Service', { spec: { selector: { app: 'web' }, ...spec } });
const aClaim = (spec: Fields = {}) =>
  an('v1', 'PersistentVolumeClaim', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
const aPolicy = (spec: Fields) => an('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ...spec } });
const aRule = (rule: Fields) => an('rbac.authorization.k8s.io/v1', 'Role', { rules: [rule] });
const aBinding = (fields: Fields = {}) =>
  an('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { kind: 'Role', name: 'reader' }, ...fields });
const anIngress = (path: Fields) =>
  an('networking.k8s.io/v1', 'Ingress', {
    spec: {
      rules: [
        {
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } }, ...path },
            ],
          },
        },
      ],
    },
  });

describe('broken objects are refused with the field and the reason', () => {
  const cases: readonly (readonly [what: string, object: KubernetesObject, error: string])[] = [
    [
      'a number as text',
      aDeployment({ replicas: 'two' }),
      'spec.replicas: Invalid value: "two": spec.replicas in body must be of type integer: "string"',
    ],
    [
      'text as a number',
      aPodWith({ image: 7 }),
      'spec.containers[0].image: Invalid value: 7: spec.containers[0].image in body must be of type string: "number"',
    ],
    [
      'an object as a list',
      aPod({ containers: container }),
      'spec.containers: Invalid value: {"name":"main","image":"example.com/app:1"}: spec.containers in body must be of type array: "object"',
    ],
    ['a Pod without containers', an('v1', 'Pod', { spec: {} }), 'spec.containers: Required value'],
    ['an empty list of containers', aPod({ containers: [] }), 'spec.containers: Required value'],
    ['a container without name', aPod({ containers: [{ image: 'a' }] }), 'spec.containers[0].name: Required value'],
    ['a container without image', aPod({ containers: [{ name: 'a' }] }), 'spec.containers[0].image: Required value'],
    [
      'a container name in capitals',
      aPodWith({ name: 'Main' }),
      'spec.containers[0].name: Invalid value: "Main": a lowercase RFC 1123 label',
    ],
    [
      'two containers of one name',
      aPod({ containers: [container, container] }),
      'spec.containers[1].name: Duplicate value: "main"',
    ],
    [
      'a sidecar named like a container',
      aPod({ initContainers: [container] }),
      'spec.containers[0].name: Duplicate value: "main"',
    ],
    [
      'a malformed quantity',
      aPodWith({ resources: { limits: { memory: '1GB' } } }),
      'spec.containers[0].resources.limits.memory: Invalid value: "1GB": quantities must match',
    ],
    [
      'more requested than allowed',
      aPodWith({ resources: { requests: { cpu: '2' }, limits: { cpu: '1500m' } } }),
      'spec.containers[0].resources.requests: Invalid value: "2": must be less than or equal to cpu limit of 1500m',
    ],
    [
      'a GPU request without limit',
      aPodWith({ resources: { requests: { 'nvidia.com/gpu': 1 } } }),
      'spec.containers[0].resources.limits: Required value: Limit must be set for non overcommitable resources',
    ],
    [
      'half a GPU',
      aPodWith({ resources: { limits: { 'nvidia.com/gpu': '500m' } } }),
      'spec.containers[0].resources.limits[nvidia.com/gpu]: Invalid value: "500m": must be an integer',
    ],
    [
      'an unknown resource',
      aPodWith({ resources: { limits: { mem: '1' } } }),
      'spec.containers[0].resources.limits[mem]: Invalid value: "mem": must be a standard resource for containers',
    ],
    [
      'an unknown restart policy',
      aPod({ restartPolicy: 'Sometimes' }),
      'spec.restartPolicy: Unsupported value: "Sometimes": supported values: "Always", "Never", "OnFailure"',
    ],
    [
      'a mount of nothing',
      aPodWith({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      'spec.containers[0].volumeMounts[0].name: Not found: "data"',
    ],
    [
      'a volume of two kinds',
      aPod({ volumes: [{ name: 'a', emptyDir: {}, hostPath: { path: '/' } }] }),
      'spec.volumes[0].hostPath: Forbidden: may not specify more than 1 volume type',
    ],
    [
      'a port out of range',
      aPodWith({ ports: [{ containerPort: 70_000 }] }),
      'spec.containers[0].ports[0].containerPort: Invalid value: 70000: must be between 1 and 65535, inclusive',
    ],
    [
      'a number beyond 32 bits',
      aDeployment({ replicas: 2 ** 31 }),
      'spec.replicas: Invalid value: 2147483648: spec.replicas in body must be of type int32',
    ],
    [
      'a variable with two sources',
      aPodWith({ env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } }] }),
      'spec.containers[0].env[0].valueFrom: Invalid value: "": may not be specified when `value` is not empty',
    ],
    [
      'a probe that does nothing',
      aPodWith({ readinessProbe: { periodSeconds: 1 } }),
      'spec.containers[0].readinessProbe: Required value: must specify a handler type',
    ],
    [
      'an init container with a probe',
      aPod({ initContainers: [{ ...container, name: 'a', readinessProbe: { tcpSocket: { port: 1 } } }] }),
      'spec.initContainers[0].readinessProbe: Forbidden: may not be set for init containers without restartPolicy=Always',
    ],
    ['a Deployment without selector', aDeployment({ selector: undefined }), 'spec.selector: Required value'],
    [
      'a selector that misses the template',
      aDeployment({ selector: { matchLabels: { app: 'db' } } }),
      'spec.template.metadata.labels: Invalid value: {"app":"web"}: `selector` does not match template `labels`',
    ],
    [
      'an empty selector',
      aDeployment({ selector: {} }),
      'spec.selector: Invalid value: {}: empty selector is invalid for deployment',
    ],
    [
      'an unknown selector operator',
      aDeployment({ selector: { matchExpressions: [{ key: 'app', operator: 'Is' }] } }),
      'spec.selector.matchExpressions[0].operator: Unsupported value: "Is"',
    ],
    [
      'a Deployment that ends',
      aDeployment({}, { restartPolicy: 'Never' }),
      'spec.template.spec.restartPolicy: Unsupported value: "Never": supported values: "Always"',
    ],
    [
      'negative replicas',
      aDeployment({ replicas: -1 }),
      'spec.replicas: Invalid value: -1: must be greater than or equal to 0',
    ],
    [
      'a Job that restarts for ever',
      an('batch/v1', 'Job', { spec: { template: { spec: { containers: [container] } } } }),
      'spec.template.spec.restartPolicy: Unsupported value: "Always": supported values: "OnFailure", "Never"',
    ],
    [
      'a schedule that is none',
      an('batch/v1', 'CronJob', {
        spec: {
          schedule: 'hourly',
          jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [container] } } } },
        },
      }),
      'spec.schedule: Invalid value: "hourly"',
    ],
    ['a Service without ports', aService({}), 'spec.ports: Required value'],
    [
      'a port twice',
      aService({
        ports: [
          { name: 'a', port: 80 },
          { name: 'b', port: 80 },
        ],
      }),
      'spec.ports[1]: Duplicate value: {"port":80,"protocol":"TCP"}',
    ],
    ['nameless ports', aService({ ports: [{ port: 80 }, { port: 81 }] }), 'spec.ports[0].name: Required value'],
    [
      'a node port of an inner Service',
      aService({ ports: [{ port: 80, nodePort: 30_000 }] }),
      "spec.ports[0].nodePort: Forbidden: may not be used when `type` is 'ClusterIP'",
    ],
    [
      'a ConfigMap key with a slash',
      an('v1', 'ConfigMap', { data: { 'a/b': 'x' } }),
      'data[a/b]: Invalid value: "a/b": a valid config key',
    ],
    [
      'a ConfigMap with numbers',
      an('v1', 'ConfigMap', { data: { a: 1 } }),
      'data.a: Invalid value: 1: data.a in body must be of type string: "number"',
    ],
    [
      'a Secret that is not base64',
      an('v1', 'Secret', { data: { a: 'not base64!' } }),
      'data.a: Invalid value: "not base64!": data.a in body must be of type byte',
    ],
    [
      'a TLS Secret without key',
      an('v1', 'Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': '' } }),
      'data[tls.key]: Required value',
    ],
    [
      'a claim without access mode',
      aClaim({ accessModes: [] }),
      'spec.accessModes: Required value: at least 1 access mode is required',
    ],
    ['a claim without size', aClaim({ resources: {} }), 'spec.resources[storage]: Required value'],
    ['an unknown access mode', aClaim({ accessModes: ['RWO'] }), 'spec.accessModes: Unsupported value: "RWO"'],
    [
      'a peer that is nobody',
      aPolicy({ ingress: [{ from: [{}] }] }),
      'spec.ingress[0].from[0]: Required value: must specify a peer',
    ],
    [
      'a range that is none',
      aPolicy({ egress: [{ to: [{ ipBlock: { cidr: '10.0.0.0/40' } }] }] }),
      'spec.egress[0].to[0].ipBlock.cidr: Invalid value: "10.0.0.0/40": must be a valid CIDR value',
    ],
    [
      'a role without verbs',
      aRule({ apiGroups: [''], resources: ['pods'], verbs: [] }),
      'rules[0].verbs: Required value: verbs must contain at least one value',
    ],
    [
      'a binding of a Pod',
      aBinding({ subjects: [{ kind: 'Pod', name: 'a' }] }),
      'subjects[0].kind: Unsupported value: "Pod"',
    ],
    [
      'an unknown path type',
      anIngress({ pathType: 'Regex' }),
      'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex"',
    ],
    [
      'a backend without port',
      anIngress({ backend: { service: { name: 'web' } } }),
      'spec.rules[0].http.paths[0].backend.service: Required value: port name or number is required',
    ],
    [
      'a time that is none',
      an('coordination.k8s.io/v1', 'Lease', { spec: { renewTime: 'yesterday' } }),
      'spec.renewTime: Invalid value: "yesterday": spec.renewTime in body must be of type date-time',
    ],
    [
      'labels that are not text',
      an('v1', 'ConfigMap', {}, { labels: { a: true } }),
      'metadata.labels.a: Invalid value: true: metadata.labels.a in body must be of type string: "boolean"',
    ],
  ];

  it.each(cases)('%s', (_what, object, error) => {
    expect(
      judge(object).errors.some((found) => found.startsWith(error)),
      judge(object).errors.join('\n') || 'no errors',
    ).toBe(true);
  });
});

describe('sound objects pass', () => {
  const sidecar = {
    ...container,
    name: 'sidecar',
    restartPolicy: 'Always',
    readinessProbe: { httpGet: { port: 'http' } },
  };
  const cases: readonly (readonly [what: string, object: KubernetesObject])[] = [
    ['a Pod', aPod()],
    ['a Pod with a native sidecar', aPod({ initContainers: [sidecar] })],
    [
      'newer Pod fields',
      aPod({
        hostUsers: false,
        resources: { limits: { cpu: 1 } },
        volumes: [{ name: 'i', image: { reference: 'a' } }],
      }),
    ],
    [
      'a sub-path mounted read-only',
      aPod({
        volumes: [{ name: 'a' }],
        containers: [
          {
            ...container,
            volumeMounts: [{ name: 'a', mountPath: '/a', recursiveReadOnly: 'Enabled', readOnly: true }],
          },
        ],
      }),
    ],
    ['a Deployment', aDeployment()],
    ['a headless Service', aService({ clusterIP: 'None' })],
    ['an external Service', aService({ type: 'ExternalName', externalName: 'example.com' })],
    ['a claim', aClaim()],
    ['a NetworkPolicy that allows nothing', aPolicy({})],
    ['a binding', aBinding({ subjects: [{ kind: 'User', name: 'alice' }] })],
    ['an Ingress', anIngress({})],
    [
      'a Lease',
      an('coordination.k8s.io/v1', 'Lease', {
        spec: { renewTime: '2026-11-21T09:00:00.000000Z', holderIdentity: 'a', leaseDurationSeconds: 15 },
      }),
    ],
    ['null where nothing is meant', aPod({ nodeSelector: null, volumes: null })],
  ];

  it.each(cases)('%s', (_what, object) => {
    expect(judge(object)).toMatchObject({ errors: [], unknownFields: [] });
  });
});

describe('unknown fields', () => {
  it('are dropped and named by their path', () => {
    const { admitted, unknownFields } = judge(aPod({ containers: [{ ...container, imagee: 'x' }], hostnetwork: true }));
    expect(unknownFields).toEqual(['spec.containers[0].imagee', 'spec.hostnetwork']);
    expect(JSON.stringify(admitted)).not.toContain('imagee');
  });

  it('do not exist in maps: any label or resource may be named', () => {
    expect(
      judge(an('v1', 'ConfigMap', { data: { anything: 'x' } }, { labels: { 'example.com/a': 'b' } })).unknownFields,
    ).toEqual([]);
  });

  it('leave the input as it was', () => {
    const pod = aPod({ foo: 1 });
    const before = structuredClone(pod);
    judge(pod);
    expect(pod).toEqual(before);
  });
});

describe('defaults', () => {
  it('of a Pod are those that kubectl users see', () => {
    const { admitted } = judge(
      aPodWith({ image: 'nginx', ports: [{ containerPort: 80 }], readinessProbe: { httpGet: { port: 80 } } }),
    );
    expect(admitted['spec']).toMatchObject({
      restartPolicy: 'Always',
      dnsPolicy: 'ClusterFirst',
      terminationGracePeriodSeconds: 30,
      schedulerName: 'default-scheduler',
      enableServiceLinks: true,
      serviceAccountName: 'default',
      containers: [
        {
          imagePullPolicy: 'Always',
          terminationMessagePath: '/dev/termination-log',
          ports: [{ containerPort: 80, protocol: 'TCP' }],
          readinessProbe: {
            timeoutSeconds: 1,
            periodSeconds: 10,
            failureThreshold: 3,
            httpGet: { path: '/', scheme: 'HTTP' },
          },
        },
      ],
    });
  });

  const pullPolicies = [
    ['nginx', 'Always'],
    ['nginx:latest', 'Always'],
    ['nginx:1.29', 'IfNotPresent'],
    ['registry.example.com:5000/nginx', 'Always'],
    ['registry.example.com:5000/nginx:1', 'IfNotPresent'],
    ['nginx@sha256:aa', 'IfNotPresent'],
  ] as const;
  it.each(pullPolicies)('pull %s: %s', (image, policy) => {
    expect(judge(aPodWith({ image })).admitted['spec']).toMatchObject({ containers: [{ imagePullPolicy: policy }] });
  });

  it('of requests are the limits, in Pods', () => {
    const { admitted } = judge(aPodWith({ resources: { limits: { cpu: 2, memory: '1024Mi' } } }));
    expect(admitted['spec']).toMatchObject({
      containers: [{ resources: { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '2', memory: '1Gi' } } }],
    });
  });

  it('of a rollout depend on its type', () => {
    expect(judge(aDeployment()).admitted['spec']).toMatchObject({
      replicas: 1,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
    });
    expect(judge(aDeployment({ strategy: { type: 'Recreate' } })).admitted['spec']).toMatchObject({
      strategy: { type: 'Recreate' },
    });
  });

  it('of a Service port lead to the same port', () => {
    const { admitted } = judge(aService({ ports: [{ port: 80 }] }));
    expect(admitted['spec']).toMatchObject({
      type: 'ClusterIP',
      sessionAffinity: 'None',
      ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }],
    });
  });

  it('of a NetworkPolicy govern what it has rules for', () => {
    expect(judge(aPolicy({ egress: [{}] })).admitted['spec']).toMatchObject({ policyTypes: ['Ingress', 'Egress'] });
    expect(judge(aPolicy({})).admitted['spec']).toMatchObject({ policyTypes: ['Ingress'] });
  });

  it('are stable: admitting the result changes nothing', () => {
    for (const object of [
      aPod(),
      aDeployment(),
      aService({ ports: [{ port: 80 }] }),
      aClaim(),
      aPolicy({}),
      anIngress({}),
    ]) {
      const once = judge(object).admitted;
      expect(judge(once).admitted).toEqual(once);
    }
  });
});

describe('updates', () => {
  const cases: readonly (readonly [what: string, from: KubernetesObject, to: KubernetesObject, error: string])[] = [
    [
      'a selector stays',
      aDeployment(),
      aDeployment({ selector: { matchExpressions: [{ key: 'app', operator: 'Exists' }] } }),
      'spec.selector: Invalid value:',
    ],
    [
      'a claim does not shrink',
      aClaim(),
      aClaim({ resources: { requests: { storage: '500Mi' } } }),
      'spec.resources.requests.storage: Forbidden: field can not be less than previous value',
    ],
    [
      'a claim keeps its mode',
      aClaim(),
      aClaim({ accessModes: ['ReadWriteMany'] }),
      'spec: Forbidden: spec is immutable after creation',
    ],
    [
      'a binding keeps its role',
      aBinding(),
      aBinding({ roleRef: { kind: 'Role', name: 'writer' } }),
      'roleRef: Invalid value:',
    ],
  ];
  it.each(cases)('%s', (_what, from, to, error) => {
    expect(judge(to, judge(from).admitted).errors).toEqual([expect.stringContaining(error)]);
  });

  it('may give a waiting claim its volume', () => {
    expect(judge(aClaim({ volumeName: 'pv-1' }), judge(aClaim()).admitted).errors).toEqual([]);
  });

  it('do not judge the spec when status is written', () => {
    const pod = { ...aPod({ containers: [] }), status: { phase: 'Running' } };
    const resource = resourceOf(pod);
    expect(admit(resource, pod, pod, { now: NOW, subresource: 'status' }).errors).toEqual([]);
  });
});
