import type { Node } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { resources } from '../objects/resources.ts';
import { aSession, aTemplate } from '../testing/builders.ts';
import { TestOperator } from '../testing/test-operator.ts';

/** A cluster with so many GPU slices, and a template that gives one to every session. */
async function withSlices(slices: number, gpu: object = {}): Promise<TestOperator> {
  const test = await TestOperator.start();
  const node: Node = { metadata: { name: 'node-a' }, status: { allocatable: { 'nvidia.com/gpu': String(slices) } } };
  await test.kube.create(resources.nodes, node);
  await test.kube.patch(
    resources.nodes,
    { name: 'node-a' },
    { type: 'merge', value: { status: node.status } },
    { subresource: 'status' },
  );
  const template = aTemplate({ resources: { defaultGPU: 1, maxGPU: 2 }, gpu, persistence: { enabled: false } }, 'gpu');
  await test.create(resources.templates, template);
  await test.settle();
  return test;
}

const slicesOf = async (test: TestOperator, name: string): Promise<number | undefined> =>
  (await test.session(name)).status?.gpu;

describe('a session that wants a GPU', () => {
  it('gets one slice, for the display', async () => {
    await using test = await withSlices(4);
    await test.create(resources.sessions, aSession({ template: 'gpu' }));
    await test.converge();
    expect(await slicesOf(test, 'desk')).toBe(1);
    const pod = await test.kube.get(resources.pods, { namespace: 'vdi-sessions', name: 'desk-1' });
    expect(pod.spec.initContainers?.[0]?.resources?.limits).toMatchObject({ 'nvidia.com/gpu': '1' });
    expect(pod.spec.containers[0]?.env).toContainEqual({ name: 'NVIDIA_VISIBLE_DEVICES', value: 'void' });
  });

  it('starts in software when all slices are held, where the template allows that', async () => {
    await using test = await withSlices(2, { render: true });
    await test.create(resources.sessions, aSession({ template: 'gpu' }));
    await test.converge();
    await test.create(resources.sessions, aSession({ template: 'gpu' }, { name: 'second' }));
    await test.converge();
    expect([await slicesOf(test, 'desk'), await slicesOf(test, 'second')]).toEqual([2, 0]);
    expect((await test.session('second')).status?.phase).toBe('Running');
  });

  it('waits for one where the template says so, and says why', async () => {
    await using test = await withSlices(0, { whenUnavailable: 'wait' });
    test.node.script.unschedulable = '0/1 nodes are available: 1 Insufficient nvidia.com/gpu.';
    await test.create(resources.sessions, aSession({ template: 'gpu' }));
    await test.converge();
    expect(await test.condition('Scheduled')).toMatchObject({ reason: 'NoGpuSlice' });
    test.node.script.unschedulable = undefined;
    await test.converge();
    expect((await test.session()).status?.phase).toBe('Running');
  });
});
