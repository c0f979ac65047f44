import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { isDnsLabel } from '../../registry/names.ts';
import { duplicate, forbidden, invalid, required } from '../field-error.ts';
import { isObject, jsonEqual, listAt, numberAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindRules } from './kind-rules.ts';
import { DNS_LABEL_RULE, IMMUTABLE, isPort, PORT_RULE, portErrors } from './words.ts';

export const serviceRules: KindRules = { complete: completeService, validate: serviceErrors };

/** Names of ports that are not set are taken from the port; addresses are not allocated: there is no service network. */
function completeService(service: KubernetesObject): KubernetesObject {
  const spec = objectAt(service, 'spec');
  const isExternal = spec['type'] === 'ExternalName';
  const isExposed = spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer';
  return {
    ...service,
    spec: {
      ...(!isExternal && { internalTrafficPolicy: 'Cluster' }),
      ...(isExposed && { externalTrafficPolicy: 'Cluster' }),
      ...(spec['type'] === 'LoadBalancer' && { allocateLoadBalancerNodePorts: true }),
      ...(spec['sessionAffinity'] === 'ClientIP' && {
        sessionAffinityConfig: { clientIP: { timeoutSeconds: 10_800 } },
      }),
      ...spec,
      ...(spec['clusterIP'] !== undefined && spec['clusterIPs'] === undefined && { clusterIPs: [spec['clusterIP']] }),
      ...(Array.isArray(spec['ports']) && { ports: spec['ports'].map(completePort) }),
    },
  };
}

function completePort(port: unknown): unknown {
  return isObject(port) ? { targetPort: port['port'], ...port } : port;
}

function serviceErrors(service: KubernetesObject, old: KubernetesObject | undefined): readonly FieldError[] {
  const spec = objectAt(service, 'spec');
  const ports = listAt(spec, 'ports');
  const isHeadless = spec['clusterIP'] === 'None';
  const isExternal = spec['type'] === 'ExternalName';
  const errors: FieldError[] = [];
  if (ports.length === 0 && !isHeadless && !isExternal) errors.push(required('spec.ports'));
  if (isExternal && !stringAt(spec, 'externalName')) errors.push(required('spec.externalName'));
  if (isHeadless && (spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer')) {
    errors.push(invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec['type']} services`));
  }
  const oldAddress = stringAt(old?.['spec'], 'clusterIP');
  if (
    oldAddress &&
    objectAt(old, 'spec')['type'] !== 'ExternalName' &&
    !isExternal &&
    !jsonEqual(oldAddress, spec['clusterIP'])
  ) {
    errors.push(invalid('spec.clusterIPs[0]', spec['clusterIP'], IMMUTABLE));
  }
  return [
    ...errors,
    ...ports.flatMap((port, index) => onePortErrors(port, ports.slice(0, index), `spec.ports[${index}]`, spec)),
  ];
}

function onePortErrors(port: JsonObject, earlier: readonly JsonObject[], path: string, spec: JsonObject): FieldError[] {
  const errors: FieldError[] = [];
  const name = stringAt(port, 'name') ?? '';
  const number = numberAt(port, 'port') ?? 0;
  if (name === '' && listAt(spec, 'ports').length > 1) errors.push(required(`${path}.name`));
  if (name !== '' && !isDnsLabel(name)) errors.push(invalid(`${path}.name`, name, DNS_LABEL_RULE));
  if (name !== '' && earlier.some((other) => other['name'] === name)) errors.push(duplicate(`${path}.name`, name));
  if (!isPort(number)) errors.push(invalid(`${path}.port`, number, PORT_RULE));
  if (earlier.some((other) => other['port'] === port['port'] && other['protocol'] === port['protocol'])) {
    errors.push(duplicate(path, { port: number, protocol: port['protocol'] }));
  }
  const nodePort = numberAt(port, 'nodePort') ?? 0;
  if (nodePort !== 0 && (spec['type'] === 'ClusterIP' || spec['type'] === 'ExternalName')) {
    errors.push(forbidden(`${path}.nodePort`, `may not be used when \`type\` is '${spec['type']}'`));
  }
  if (nodePort !== 0 && !isPort(nodePort)) errors.push(invalid(`${path}.nodePort`, nodePort, PORT_RULE));
  return [...errors, ...portErrors(port['targetPort'], `${path}.targetPort`)];
}
