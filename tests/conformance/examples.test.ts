import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SoloProcess, startSoloProcess } from './solo-process.ts';

const examples = resolve(import.meta.dirname, '../../examples');
const files = readdirSync(examples)
  .filter((name) => name.endsWith('.yaml'))
  .toSorted();

let solo: SoloProcess;
beforeAll(async () => {
  solo = await startSoloProcess();
});
afterAll(() => solo[Symbol.asyncDispose]());

describe('every example', () => {
  it.each(files)('%s applies on both sides, unchanged the second time', async (name) => {
    const path = join(examples, name);
    const first = await solo.kubectl(['apply', '-f', path]);
    expect([first.code, first.stderr]).toEqual([0, '']);
    const second = await solo.kubectlOk(['apply', '-f', path]);
    expect(
      second
        .trim()
        .split('\n')
        .every((line) => line.endsWith(' unchanged')),
    ).toBe(true);
    await solo.kubectlOk(['apply', '--server-side', '-f', path]);
    expect((await solo.kubectl(['diff', '-f', path])).code).toBe(0);
  });
});

/** The YAML that the product was asked for with, word for word, status included. */
const requiredSession = `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDISession
metadata:
  name: user-alice-session
  namespace: vdi
spec:
  user: alice@example.com
  template: ubuntu-desktop
  resources:
    gpu: 1        # Time-slice count
    memory: 4Gi
    cpu: 2
  persistence:
    enabled: true
    size: 10Gi
  timeout: 8h     # Auto-terminate after 8 hours
status:
  phase: Running  # Pending | Running | Terminating
  podName: selkies-alice-xyz
  url: https://alice.vdi.example.com
  startTime: "2026-01-02T10:00:00Z"
`;

const requiredTemplate = `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDITemplate
metadata:
  name: ubuntu-desktop
spec:
  image: ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest
  displayName: "Ubuntu 22.04 Desktop"
  description: "Full Ubuntu desktop with GPU acceleration"
  resources:
    defaultGPU: 1
    defaultMemory: 4Gi
    defaultCPU: 2
  applications:
    - name: Firefox
      icon: firefox.svg
    - name: VS Code
      icon: vscode.svg
`;

const requiredPod = `
apiVersion: v1
kind: Pod
metadata:
  name: selkies-test
  namespace: vdi
spec:
  containers:
  - name: selkies
    image: ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest
    env:
    - name: SELKIES_ENCODER
      value: "nvh264enc"
    - name: SELKIES_BASIC_AUTH_PASSWORD
      value: "test123"
    resources:
      limits:
        nvidia.com/gpu: "1"
        memory: "4Gi"
    ports:
    - containerPort: 8080
`;

const requiredConfigMap = `
apiVersion: v1
kind: Namespace
metadata:
  name: gpu-operator
---
# gpu-time-slicing-config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: time-slicing-config
  namespace: gpu-operator
data:
  any: |-
    version: v1
    flags:
      migStrategy: none
    sharing:
      timeSlicing:
        renameByDefault: false
        failRequestsGreaterThanOne: false
        resources:
        - name: nvidia.com/gpu
          replicas: 8
`;

/** Fragments of the requirement that have no name, as an administrator completes them. */
const sessionFragment = `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDISession
metadata: { name: fragment, namespace: vdi }
spec:
  user: alice@example.com
  template: ubuntu-desktop
  resources:
    gpu: 1
    memory: 4Gi
status:
  phase: Running
  url: https://alice.vdi.example.com
`;

const templateFragment = `
apiVersion: vdi.kasm.io/v1alpha1
kind: VDITemplate
metadata: { name: fragment }
spec:
  image: ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest
  displayName: Ubuntu Desktop
  resources:
    defaultGPU: 1
    defaultMemory: 4Gi
`;

const shortConfigMap = `
apiVersion: v1
kind: ConfigMap
metadata:
  name: time-slicing-config
  namespace: gpu-operator
data:
  any: |
    version: v1
    sharing:
      timeSlicing:
        resources:
        - name: nvidia.com/gpu
          replicas: 8
`;

/** Kinds of others that the requirement writes to: a cluster with the GPU operator and Traefik has them. */
const foreignKinds = [
  { group: 'nvidia.com', plural: 'clusterpolicies', kind: 'ClusterPolicy', version: 'v1', scope: 'Cluster' },
  { group: 'traefik.io', plural: 'ingressroutes', kind: 'IngressRoute', version: 'v1alpha1', scope: 'Namespaced' },
].map(({ group, plural, kind, version, scope }) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope,
    names: { plural, singular: kind.toLowerCase(), kind },
    versions: [
      {
        name: version,
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
}));

const requiredRoute = `
apiVersion: traefik.io/v1alpha1
kind: IngressRoute
metadata:
  name: vdi-dynamic-ingress
spec:
  entryPoints: [websecure]
  routes:
  - match: HostRegexp(\`{user:[a-z0-9-]+}.vdi.example.com\`)
    kind: Rule
    services:
    - name: vdi-session-service
      port: 8080
  tls:
    certResolver: letsencrypt
    domains: [{ main: "*.vdi.example.com" }]
`;

describe('the YAML of the requirement', () => {
  it.each([
    ['the session', requiredSession],
    ['the template', requiredTemplate],
    ['the pod of phase 0', requiredPod],
    ['the time-slicing configuration', requiredConfigMap],
    ['the time-slicing configuration in its short form', shortConfigMap],
    ['the session of the architecture, given a name', sessionFragment],
    ['the template of the architecture, given a name', templateFragment],
  ])('%s applies unchanged', async (_what, stdin) => {
    const { code, stderr } = await solo.kubectl(['apply', '-f', '-'], { stdin });
    expect([code, stderr]).toEqual([0, '']);
  });

  it('reaches the GPU operator and Traefik where they are', async () => {
    await solo.kubectlOk(['apply', '-f', '-'], {
      stdin: foreignKinds.map((definition) => JSON.stringify(definition)).join('\n---\n'),
    });
    for (const { metadata } of foreignKinds)
      await solo.kubectlOk(['wait', '--for=condition=Established', `crd/${metadata.name}`, '--timeout=20s']);
    const policy = { apiVersion: 'nvidia.com/v1', kind: 'ClusterPolicy', metadata: { name: 'cluster-policy' } };
    await solo.kubectlOk(['apply', '-f', '-'], { stdin: JSON.stringify(policy) });
    const patch = '{"spec": {"devicePlugin": {"config": {"name": "time-slicing-config"}}}}';
    const patched = ['patch', 'clusterpolicy/cluster-policy', '-n', 'gpu-operator', '--type', 'merge', '-p', patch];
    expect(await solo.kubectlOk(patched)).toContain('clusterpolicy.nvidia.com/cluster-policy patched');
    expect(await solo.kubectlOk(['apply', '-f', '-'], { stdin: requiredRoute })).toContain('created');
  });

  it('keeps what was written', async () => {
    const spec = JSON.parse(
      await solo.kubectlOk(['get', 'vdi', 'user-alice-session', '-n', 'vdi', '-o', 'jsonpath={.spec}']),
    ) as object;
    expect(spec).toMatchObject({
      user: 'alice@example.com',
      template: 'ubuntu-desktop',
      resources: { gpu: 1, memory: '4Gi', cpu: 2 },
      persistence: { enabled: true, size: '10Gi' },
      timeout: '8h',
    });
  });

  it('does not believe a status that did not come from the operator', async () => {
    const status = await solo.kubectlOk(['get', 'vdi', 'user-alice-session', '-n', 'vdi', '-o', 'jsonpath={.status}']);
    expect(status).not.toContain('selkies-alice-xyz');
    expect(status).not.toContain('https://alice.vdi.example.com');
  });
});
