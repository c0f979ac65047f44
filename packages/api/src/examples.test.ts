import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/compile';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { objectSchema } from './crd.ts';
import { kinds } from './kinds.ts';
import { manifestSchema } from './manifest-schema.ts';
import { ruleViolations } from './testing/rule-violations.ts';
import { apiVersion } from './schema/kind.ts';
import { userKey } from './user-key.ts';
import type { JsonObject } from './schema/json.ts';
import type { VDIUser } from './vdiuser.ts';

const folder = join(import.meta.dirname, '../../../examples');
const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const read = (name: string): JsonObject => parse(readFileSync(join(folder, name), 'utf8')) as JsonObject;
const ours = files.filter((name) => read(name)['apiVersion'] === apiVersion);

function problems(object: JsonObject): readonly string[] {
  const kind = kinds.find((candidate) => candidate.kind === object['kind']);
  if (kind === undefined) return [`nobody knows the kind ${JSON.stringify(object['kind'])}`];
  const cluster = Compile(objectSchema(kind)).Errors(object);
  const editor = Compile(manifestSchema(kind)).Errors(object);
  return [
    ...[...cluster, ...editor].map(({ instancePath, message }) => `${instancePath} ${message}`),
    ...ruleViolations(objectSchema(kind), object),
  ];
}

describe('the examples', () => {
  it('are there', () => {
    expect(ours.length).toBeGreaterThanOrEqual(5);
  });

  it.each(ours)('%s is what cluster, editor and rules accept', (name) => {
    expect(problems(read(name))).toEqual([]);
  });

  it('name users by their key', () => {
    const user = read('05-user.yaml') as unknown as VDIUser;
    expect(user.metadata.name).toBe(userKey(user.spec.user));
  });
});

describe('the manifests that the product was asked to accept', () => {
  const session = {
    apiVersion: 'vdi.kasm.io/v1alpha1',
    kind: 'VDISession',
    metadata: { name: 'user-alice-session', namespace: 'vdi' },
    spec: {
      user: 'alice@example.com',
      template: 'ubuntu-desktop',
      resources: { gpu: 1, memory: '4Gi', cpu: 2 },
      persistence: { enabled: true, size: '10Gi' },
      timeout: '8h',
    },
    status: {
      phase: 'Running',
      podName: 'selkies-alice-xyz',
      url: 'https://alice.vdi.example.com',
      startTime: '2026-01-02T10:00:00Z',
    },
  };
  const template = {
    apiVersion: 'vdi.kasm.io/v1alpha1',
    kind: 'VDITemplate',
    metadata: { name: 'ubuntu-desktop' },
    spec: {
      image: 'ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest',
      displayName: 'Ubuntu 22.04 Desktop',
      description: 'Full Ubuntu desktop with GPU acceleration',
      resources: { defaultGPU: 1, defaultMemory: '4Gi', defaultCPU: 2 },
      applications: [
        { name: 'Firefox', icon: 'firefox.svg' },
        { name: 'VS Code', icon: 'vscode.svg' },
      ],
    },
  };

  it.each([session, template])('$kind $metadata.name', (object) => {
    expect(problems(object)).toEqual([]);
  });

  it.each([
    [{ ...session, spec: { ...session.spec, timeout: '8 hours' } }, '/spec/timeout'],
    [{ ...session, spec: { ...session.spec, resources: { memory: '4GB' } } }, '/spec/resources/memory'],
    [{ ...session, spec: { ...session.spec, resources: { cpu: -1 } } }, '/spec/resources/cpu'],
    [{ ...session, spec: { ...session.spec, resources: { gpu: 1.5 } } }, '/spec/resources/gpu'],
    [{ ...session, spec: { ...session.spec, template: 'Ubuntu Desktop' } }, '/spec/template'],
    [{ ...template, spec: { ...template.spec, protocol: 'rdp' } }, '/spec/protocol'],
    [{ ...template, spec: { displayName: 'no image' } }, '/spec must have required properties image'],
    [{ ...template, spec: { ...template.spec, imagePullSecret: 'x' } }, '/spec must not have additional properties'],
  ])('are not accepted with mistakes in them (%#)', (object, problem) => {
    expect(problems(object as JsonObject).join('\n')).toContain(problem);
  });
});
