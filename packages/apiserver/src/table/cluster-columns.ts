/** The columns of everything that is neither a Pod nor a workload. */
import type { KubernetesObject, PrinterColumn } from '../resource/resource.ts';
import { isObject, listAt, numberAt, objectAt, stringAt, textOf } from '../schema/json.ts';
import type { JsonObject } from '../schema/json.ts';
import { ageColumn, column, listed, NONE, numberColumn, wideColumn } from './column.ts';
import { ageOf } from './duration.ts';
import { nodeColumns } from './node-columns.ts';
import { formatSelector } from './selector-text.ts';

const text = (part: 'spec' | 'status', field: string, absent: string) => (object: KubernetesObject) =>
  stringAt(object[part], field) || absent;
const size = (object: KubernetesObject, ...fields: readonly string[]) =>
  fields.reduce((sum, field) => sum + Object.keys(objectAt(object, field)).length, 0);

const volumeAttributes = wideColumn('VolumeMode', text('spec', 'volumeMode', '<unset>'));
const attributesClass = column('VolumeAttributesClass', text('spec', 'volumeAttributesClassName', '<unset>'));

export const clusterColumns: Readonly<Record<string, readonly PrinterColumn[]>> = {
  ConfigMap: [numberColumn('Data', (object) => size(object, 'data', 'binaryData')), ageColumn],
  Secret: [
    column('Type', (object) => stringAt(object, 'type') ?? ''),
    numberColumn('Data', (object) => size(object, 'data')),
    ageColumn,
  ],
  Namespace: [column('Status', text('status', 'phase', '')), ageColumn],
  Node: nodeColumns,
  ServiceAccount: [numberColumn('Secrets', (object) => listAt(object, 'secrets').length), ageColumn],
  Service: [
    column('Type', text('spec', 'type', '')),
    column('Cluster-IP', text('spec', 'clusterIP', NONE)),
    column('External-IP', externalAddress),
    column('Port(s)', (object) => listed(listAt(object['spec'], 'ports').map(formatServicePort))),
    ageColumn,
    wideColumn('Selector', (object) => formatSelector(objectAt(object['spec'], 'selector'))),
  ],
  Endpoints: [column('Endpoints', endpointsText), ageColumn],
  EndpointSlice: [
    column('AddressType', (object) => stringAt(object, 'addressType') ?? ''),
    column('Ports', (object) => listed(listAt(object, 'ports').map((port) => textOf(port['port'] ?? '*')))),
    column('Endpoints', (object) =>
      listed(
        listAt(object, 'endpoints').flatMap(({ addresses }) => (Array.isArray(addresses) ? addresses.map(textOf) : [])),
      ),
    ),
    ageColumn,
  ],
  PersistentVolumeClaim: [
    column('Status', (object) =>
      object.metadata.deletionTimestamp ? 'Terminating' : text('status', 'phase', '')(object),
    ),
    column('Volume', text('spec', 'volumeName', '')),
    column('Capacity', (object) => stringAt(objectAt(object['status'], 'capacity'), 'storage') ?? ''),
    column('Access Modes', (object) => accessModes(objectAt(object, 'status')['accessModes'])),
    column('StorageClass', text('spec', 'storageClassName', '')),
    attributesClass,
    ageColumn,
    volumeAttributes,
  ],
  PersistentVolume: [
    column('Capacity', (object) => stringAt(objectAt(object['spec'], 'capacity'), 'storage') ?? ''),
    column('Access Modes', (object) => accessModes(objectAt(object, 'spec')['accessModes'])),
    column('Reclaim Policy', text('spec', 'persistentVolumeReclaimPolicy', '')),
    column('Status', (object) =>
      object.metadata.deletionTimestamp ? 'Terminating' : text('status', 'phase', '')(object),
    ),
    column('Claim', (object) => {
      const claim = objectAt(object['spec'], 'claimRef');
      return claim['name'] === undefined ? '' : `${textOf(claim['namespace'])}/${textOf(claim['name'])}`;
    }),
    column('StorageClass', text('spec', 'storageClassName', '')),
    attributesClass,
    column('Reason', text('status', 'reason', '')),
    ageColumn,
    volumeAttributes,
  ],
  StorageClass: [
    column('Provisioner', (object) => stringAt(object, 'provisioner') ?? ''),
    column('ReclaimPolicy', (object) => stringAt(object, 'reclaimPolicy') ?? 'Delete'),
    column('VolumeBindingMode', (object) => stringAt(object, 'volumeBindingMode') ?? 'Immediate'),
    column('AllowVolumeExpansion', (object) => object['allowVolumeExpansion'] === true),
    ageColumn,
  ],
  Event: eventColumns(),
  Ingress: [
    column('Class', text('spec', 'ingressClassName', NONE)),
    column('Hosts', (object) => {
      const hosts = listAt(object['spec'], 'rules').map((rule) => stringAt(rule, 'host') ?? '*');
      return hosts.length > 0 ? [...new Set(hosts)].join(',') : '*';
    }),
    column('Address', (object) => ingressAddresses(object).join(',')),
    column('Ports', (object) => (listAt(object['spec'], 'tls').length > 0 ? '80, 443' : '80')),
    ageColumn,
  ],
  IngressClass: [
    column('Controller', text('spec', 'controller', '')),
    column('Parameters', (object) => {
      const parameters = objectAt(object['spec'], 'parameters');
      return parameters['kind'] === undefined ? NONE : `${textOf(parameters['kind'])}/${textOf(parameters['name'])}`;
    }),
    ageColumn,
  ],
  NetworkPolicy: [
    column('Pod-Selector', (object) => formatSelector(objectAt(object['spec'], 'podSelector'))),
    ageColumn,
  ],
  CustomResourceDefinition: [column('Created At', ({ metadata }) => metadata.creationTimestamp ?? '')],
  Lease: [column('Holder', text('spec', 'holderIdentity', '')), ageColumn],
  PriorityClass: [
    numberColumn('Value', (object) => numberAt(object, 'value') ?? 0),
    column('Global-Default', (object) => object['globalDefault'] === true),
    ageColumn,
    column('PreemptionPolicy', (object) => stringAt(object, 'preemptionPolicy') ?? ''),
  ],
  PodDisruptionBudget: [
    column('Min Available', (object) => budget(object, 'minAvailable')),
    column('Max Unavailable', (object) => budget(object, 'maxUnavailable')),
    numberColumn('Allowed Disruptions', (object) => numberAt(object['status'], 'disruptionsAllowed') ?? 0),
    ageColumn,
  ],
  Role: [column('Created At', ({ metadata }) => metadata.creationTimestamp ?? '')],
  ClusterRole: [column('Created At', ({ metadata }) => metadata.creationTimestamp ?? '')],
  RoleBinding: bindingColumns(),
  ClusterRoleBinding: bindingColumns(),
  ResourceQuota: [
    column('Request', (object) => quota(object, (name) => !name.startsWith('limits.'))),
    column('Limit', (object) => quota(object, (name) => name.startsWith('limits.'))),
    ageColumn,
  ],
  LimitRange: [column('Created At', ({ metadata }) => metadata.creationTimestamp ?? '')],
};

function formatServicePort(port: JsonObject): string {
  const node = numberAt(port, 'nodePort');
  return `${textOf(port['port'])}${node ? `:${node}` : ''}/${stringAt(port, 'protocol') ?? 'TCP'}`;
}

function ingressAddresses(object: KubernetesObject): readonly string[] {
  return listAt(objectAt(object['status'], 'loadBalancer'), 'ingress').flatMap(
    (entry) => stringAt(entry, 'ip') ?? stringAt(entry, 'hostname') ?? [],
  );
}

function externalAddress(service: KubernetesObject): string {
  const external = objectAt(service, 'spec')['externalIPs'];
  const fixed = Array.isArray(external) ? external.map(String) : [];
  switch (stringAt(service['spec'], 'type') ?? '') {
    case 'ExternalName':
      return stringAt(service['spec'], 'externalName') ?? '';
    case 'LoadBalancer':
      return [...ingressAddresses(service), ...fixed].join(',') || '<pending>';
    default:
      return listed(fixed);
  }
}

function endpointsText(endpoints: KubernetesObject): string {
  const all = listAt(endpoints, 'subsets').flatMap((subset) => {
    const ports = listAt(subset, 'ports').map((port) => `:${textOf(port['port'])}`);
    const addresses = listAt(subset, 'addresses').map((address) => stringAt(address, 'ip') ?? '');
    return addresses.flatMap((address) => (ports.length > 0 ? ports.map((port) => address + port) : [address]));
  });
  return all.length > 3 ? `${all.slice(0, 3).join(',')} + ${all.length - 3} more...` : listed(all);
}

const ACCESS_MODES: Readonly<Record<string, string>> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
};

function accessModes(modes: unknown): string {
  return Array.isArray(modes) ? modes.map((mode) => ACCESS_MODES[textOf(mode)] ?? textOf(mode)).join(',') : '';
}

function eventColumns(): readonly PrinterColumn[] {
  const involved = (object: KubernetesObject) => {
    const target = isObject(object['involvedObject']) ? object['involvedObject'] : objectAt(object, 'regarding');
    return `${textOf(target['kind'] ?? '').toLowerCase()}/${textOf(target['name'] ?? '')}`;
  };
  const seen =
    (...fields: readonly string[]) =>
    (object: KubernetesObject, now: Date) =>
      ageOf(fields.map((field) => stringAt(object, field)).find(Boolean) ?? object.metadata.creationTimestamp, now);
  const last = seen('lastTimestamp', 'deprecatedLastTimestamp', 'eventTime');
  return [
    column('Last Seen', (object, now) => {
      const series = stringAt(object['series'], 'lastObservedTime');
      return series === undefined ? last(object, now) : ageOf(series, now);
    }),
    column('Type', (object) => stringAt(object, 'type') ?? ''),
    column('Reason', (object) => stringAt(object, 'reason') ?? ''),
    column('Object', involved),
    wideColumn('Subobject', (object) => stringAt(object['involvedObject'] ?? object['regarding'], 'fieldPath') ?? ''),
    wideColumn(
      'Source',
      (object) =>
        stringAt(object['source'], 'component') ||
        (stringAt(object, 'reportingComponent') ?? stringAt(object, 'reportingController') ?? ''),
    ),
    column('Message', (object) => (stringAt(object, 'message') ?? stringAt(object, 'note') ?? '').trim()),
    wideColumn('First Seen', seen('firstTimestamp', 'deprecatedFirstTimestamp', 'eventTime')),
    wideColumn('Count', (object) => numberAt(object['series'], 'count') ?? numberAt(object, 'count') ?? 1),
    wideColumn('Name', ({ metadata }) => metadata.name ?? ''),
  ];
}

function bindingColumns(): readonly PrinterColumn[] {
  const subjects = (kind: string) => (object: KubernetesObject) =>
    listAt(object, 'subjects')
      .filter((subject) => subject['kind'] === kind)
      .map(({ namespace, name }) => (kind === 'ServiceAccount' ? `${textOf(namespace)}/${textOf(name)}` : textOf(name)))
      .join(', ');
  return [
    column(
      'Role',
      (object) => `${textOf(objectAt(object, 'roleRef')['kind'])}/${textOf(objectAt(object, 'roleRef')['name'])}`,
    ),
    ageColumn,
    wideColumn('Users', subjects('User')),
    wideColumn('Groups', subjects('Group')),
    wideColumn('ServiceAccounts', subjects('ServiceAccount')),
  ];
}

function budget(object: KubernetesObject, field: string): string {
  const value = objectAt(object, 'spec')[field];
  return value === undefined ? 'N/A' : textOf(value);
}

function quota(object: KubernetesObject, isShown: (resource: string) => boolean): string {
  const used = objectAt(object['status'], 'used');
  return Object.entries(objectAt(object['status'], 'hard'))
    .filter(([name]) => isShown(name))
    .map(([name, hard]) => `${name}: ${textOf(used[name] ?? '0')}/${textOf(hard)}`)
    .join(', ');
}
