import type { Node, PodSpec } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { aContainer, aPod } from '../pod/pod-builders.ts';
import { requestsOf, schedulePod } from './schedule-pod.ts';

const aNode = (more: Partial<Node> = {}): Node => ({
  metadata: { name: 'node', labels: { disk: 'fast' } },
  status: { allocatable: { cpu: '4', memory: '8Gi', pods: '2' }, conditions: [{ type: 'Ready', status: 'True' }] },
  ...more,
});
const asking = (cpu: string, more: Partial<PodSpec> = {}) =>
  aPod({ containers: [aContainer({ resources: { requests: { cpu } } })], ...more });
const here = { nodeName: 'node' };

describe('the scheduler', () => {
  it('takes a node that has what is asked for', () => {
    expect(schedulePod(asking('3'), [aNode()], [asking('1', here)])).toEqual({ node: 'node' });
  });

  it.each([
    ['Insufficient cpu', asking('3'), aNode(), [asking('2', here)]],
    ['Too many pods', asking('0'), aNode(), [asking('0', here), asking('0', here)]],
    [
      'Insufficient nvidia.com/gpu',
      aPod({ containers: [aContainer({ resources: { limits: { 'nvidia.com/gpu': 1 } } })] }),
      aNode(),
      [],
    ],
    ["node(s) didn't match Pod's node affinity/selector", asking('1', { nodeSelector: { disk: 'slow' } }), aNode(), []],
    ['node(s) were unschedulable', asking('1'), aNode({ spec: { unschedulable: true } }), []],
    [
      'node(s) had untolerated taint {full: yes}',
      asking('1'),
      aNode({ spec: { taints: [{ key: 'full', value: 'yes', effect: 'NoSchedule' }] } }),
      [],
    ],
    [
      'node(s) were not ready',
      asking('1'),
      aNode({ status: { conditions: [{ type: 'Ready', status: 'False' }] } }),
      [],
    ],
  ])('says "%s"', (reason, pod, node, others) => {
    expect(schedulePod(pod, [node], others)).toEqual({ message: `0/1 nodes are available: 1 ${reason}.` });
  });

  it('forgets Pods that have ended, and tolerates what the Pod tolerates', () => {
    const ended = { ...asking('4', here), status: { phase: 'Succeeded' as const } };
    const tainted = aNode({ spec: { taints: [{ key: 'full', value: 'yes', effect: 'NoSchedule' }] } });
    const tolerant = asking('4', { tolerations: [{ key: 'full', operator: 'Exists' }] });
    expect(schedulePod(tolerant, [tainted], [ended])).toEqual({ node: 'node' });
  });

  it('counts sidecars beside the containers, and init containers only if they need more', () => {
    const of = (cpu: string, more = {}) => aContainer({ resources: { requests: { cpu } }, ...more });
    const containers = [of('1')];
    const sidecar = of('500m', { name: 'side', restartPolicy: 'Always' });
    expect(requestsOf(aPod({ containers, initContainers: [sidecar, of('1', { name: 'init' })] }))['cpu']).toBe(1.5);
    expect(requestsOf(aPod({ containers, initContainers: [sidecar, of('3', { name: 'init' })] }))['cpu']).toBe(3);
  });
});
