import type { KubernetesObject, PrinterColumn } from '../resource/resource.ts';
import { listAt, objectAt, stringAt } from '../schema/json.ts';
import { ageColumn, column, listed, NONE, wideColumn } from './column.ts';

const ROLE_LABEL = 'node-role.kubernetes.io/';

export const nodeColumns: readonly PrinterColumn[] = [
  column('Status', nodeStatus),
  column('Roles', ({ metadata }) =>
    listed(
      Object.keys(metadata.labels ?? {})
        .filter((label) => label.startsWith(ROLE_LABEL))
        .map((label) => label.slice(ROLE_LABEL.length))
        .sort(),
    ),
  ),
  ageColumn,
  column('Version', (node) => info(node, 'kubeletVersion')),
  wideColumn('Internal-IP', (node) => address(node, 'InternalIP')),
  wideColumn('External-IP', (node) => address(node, 'ExternalIP')),
  wideColumn('OS-Image', (node) => info(node, 'osImage')),
  wideColumn('Kernel-Version', (node) => info(node, 'kernelVersion')),
  wideColumn('Container-Runtime', (node) => info(node, 'containerRuntimeVersion')),
];

function nodeStatus(node: KubernetesObject): string {
  const ready = listAt(node['status'], 'conditions').find(({ type }) => type === 'Ready');
  const state = ready === undefined ? 'Unknown' : ready['status'] === 'True' ? 'Ready' : 'NotReady';
  return objectAt(node, 'spec')['unschedulable'] === true ? `${state},SchedulingDisabled` : state;
}

function info(node: KubernetesObject, field: string): string {
  return stringAt(objectAt(node['status'], 'nodeInfo'), field) || '<unknown>';
}

function address(node: KubernetesObject, type: string): string {
  return (
    stringAt(
      listAt(node['status'], 'addresses').find((entry) => entry['type'] === type),
      'address',
    ) ?? NONE
  );
}
