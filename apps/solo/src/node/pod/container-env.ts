import type { Container, EnvFromSource, EnvVar, KeyRef, Pod } from '@vdi/kube';
import { ConfigError } from './config-error.ts';
import { expandVariables } from './expand-variables.ts';
import { type PodFacts, podField } from './pod-field.ts';
import { resourceField } from './resource-field.ts';

/** Looks up data that environment and volumes are made of. Undefined: there is no such object. */
export interface DataLookup {
  configMap(name: string): Readonly<Record<string, Buffer>> | undefined;
  secret(name: string): Readonly<Record<string, Buffer>> | undefined;
}

type Sources = DataLookup & { readonly pod: Pod; readonly facts: PodFacts };

/** Names of the C identifier kind, plus what newer Kubernetes allows: anything printable but "=". */
const legalName = /^[ -<>-~]+$/;

/**
 * The environment that the specification asks for, in order, later names winning. Throws `ConfigError` when something it
 * refers to is missing, which Kubernetes shows as CreateContainerConfigError.
 */
export function containerEnv(container: Container, sources: Sources): Readonly<Record<string, string>> {
  const env: Record<string, string> = {};
  for (const source of container.envFrom ?? []) Object.assign(env, fromSource(source, sources));
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, container, sources);
    if (value !== undefined) env[variable.name] = expandVariables(value, env);
  }
  return env;
}

function fromSource({ prefix = '', configMapRef, secretRef }: EnvFromSource, sources: Sources): Record<string, string> {
  const ref = configMapRef ?? secretRef;
  if (ref === undefined) return {};
  const kind = configMapRef === undefined ? 'secret' : 'configmap';
  const data = lookUp(kind, ref.name ?? '', sources);
  if (data === undefined) {
    if (ref.optional === true) return {};
    throw missingObject(kind, ref.name ?? '');
  }
  return Object.fromEntries(
    Object.entries(data)
      .map(([key, value]): [string, string] => [`${prefix}${key}`, value.toString()])
      .filter(([name]) => legalName.test(name)),
  );
}

function valueOf(variable: EnvVar, container: Container, sources: Sources): string | undefined {
  const { value = '', valueFrom } = variable;
  if (valueFrom === undefined) return value;
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef } = valueFrom;
  if (fieldRef !== undefined) return podField(sources.pod, fieldRef.fieldPath, sources.facts);
  if (resourceFieldRef !== undefined) return resourceField(sources.pod, resourceFieldRef, container, sources.facts);
  if (configMapKeyRef !== undefined) return keyOf('configmap', configMapKeyRef, sources);
  if (secretKeyRef !== undefined) return keyOf('secret', secretKeyRef, sources);
  throw new ConfigError(`the variable ${variable.name} has a valueFrom of a kind that this node does not know`);
}

function keyOf(kind: 'configmap' | 'secret', ref: KeyRef, sources: Sources): string | undefined {
  const name = ref.name ?? '';
  const data = lookUp(kind, name, sources);
  const value = data?.[ref.key];
  if (value !== undefined) return value.toString();
  if (ref.optional === true) return undefined;
  if (data === undefined) throw missingObject(kind, name);
  throw new ConfigError(
    `couldn't find key ${ref.key} in ${kind} "${name}"; add the key, or mark the reference optional`,
  );
}

function lookUp(
  kind: 'configmap' | 'secret',
  name: string,
  sources: Sources,
): Readonly<Record<string, Buffer>> | undefined {
  return kind === 'configmap' ? sources.configMap(name) : sources.secret(name);
}

function missingObject(kind: 'configmap' | 'secret', name: string): ConfigError {
  return new ConfigError(`${kind} "${name}" not found; create it, or mark the reference optional`);
}
