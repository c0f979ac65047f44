import { type ChartObject, one } from './chart-object.ts';

/** What the kubelet would give the program of a Deployment in its first Pod. */
export function podEnvironment(objects: readonly ChartObject[], deployment: string): Readonly<Record<string, string>> {
  const { metadata, spec } = one(objects, 'Deployment', deployment);
  const fields: Readonly<Record<string, string | undefined>> = {
    'metadata.name': `${deployment}-0`,
    'metadata.namespace': metadata.namespace,
  };
  const entries = (spec.template.spec.containers[0]?.env ?? []).map(({ name, value, valueFrom = {} }) => {
    const { fieldRef, configMapKeyRef } = valueFrom;
    if (fieldRef !== undefined) return [name, fields[fieldRef.fieldPath] ?? ''] as const;
    if (configMapKeyRef === undefined) return [name, value ?? ''] as const;
    return [name, one(objects, 'ConfigMap', configMapKeyRef.name).data[configMapKeyRef.key] ?? ''] as const;
  });
  return Object.fromEntries(entries);
}
