import type { VDITemplateSpec } from '@vdi/api';
import { describe, expect, it } from 'vitest';
import { resources } from '../objects/resources.ts';
import { aSession, aTemplate, testSettings } from '../testing/builders.ts';
import { TestOperator } from '../testing/test-operator.ts';
import { templateProblem } from './template-problem.ts';
import { templateStatus } from './template-status.ts';

const now = new Date('2026-01-02T10:00:00Z');
const problem = (spec: Partial<VDITemplateSpec>) => templateProblem(aTemplate(spec), testSettings);
const schedule = (timeZone: string) => ({ lifecycle: { schedule: { timeZone, active: ['Mon-Fri 08:00-18:00'] } } });

describe('a template', () => {
  it('is accepted when nothing stands against its sessions', () => {
    expect(problem({})).toBeUndefined();
    expect(problem({ resources: { defaultMemory: '512Mi', maxMemory: '4Gi', defaultCPU: '500m', maxCPU: 2 } })).toBe(
      undefined,
    );
    expect(problem(schedule('Europe/Berlin'))).toBeUndefined();
  });

  it.each([
    [{ image: 'ghcr.io/selkies-project/selkies-gstreamer/gst-web:latest' }, 'ImageHasNoDesktop', 'Use an image that'],
    [{ protocol: 'kasmvnc' }, 'TemplateInvalid', 'spec.protocol'],
    [{ policy: { recording: 'required' } }, 'TemplateInvalid', 'spec.policy.recording'],
    [{ podOverlay: { spec: { hostNetwork: true } } }, 'PodOverlayDenied', 'spec.hostNetwork'],
    [{ resources: { defaultMemory: '8Gi', maxMemory: '4096Mi' } }, 'TemplateInvalid', 'maxMemory 4096Mi'],
    [{ resources: { defaultCPU: 4, maxCPU: '3500m' } }, 'TemplateInvalid', 'maxCPU 3500m'],
    [{ lifecycle: { timeout: 'soon' } }, 'TemplateInvalid', 'soon'],
    [schedule('Europe/Atlantis'), 'TemplateInvalid', 'Europe/Atlantis'],
  ] as const)('%j is refused as %s', (spec, reason, words) => {
    expect(problem(spec)).toMatchObject({ reason, message: expect.stringContaining(words) as string });
  });

  it('keeps the moment of its condition while that stays the same', () => {
    const first = aTemplate();
    const status = templateStatus(first, testSettings, now);
    const later = templateStatus({ ...first, status }, testSettings, new Date('2026-01-02T11:00:00Z'));
    expect(later).toEqual(status);
  });

  it('says in its status whether sessions may start, and says it anew when it changes', async () => {
    await using test = await TestOperator.start();
    const accepted = async () => {
      await test.settle();
      const { status, metadata } = await test.kube.get(resources.templates, { name: 'xfce' });
      expect(status?.observedGeneration).toBe(metadata.generation);
      return status?.conditions?.map(({ type, status: value, reason }) => [type, value, reason]);
    };
    expect(await accepted()).toEqual([['Accepted', 'True', 'Accepted']]);
    const change = async (spec: object): Promise<unknown> =>
      await test.kube.patch(resources.templates, { name: 'xfce' }, { type: 'merge', value: { spec } });
    await change(schedule('Europe/Atlantis'));
    expect(await accepted()).toEqual([['Accepted', 'False', 'TemplateInvalid']]);
    const before = test.writes.length;
    await test.settle();
    expect(test.writes.length).toBe(before);
  });

  it('that names a time zone there is not keeps its sessions waiting, whatever else stands against them', async () => {
    await using test = await TestOperator.start();
    const value = { spec: { ...schedule('Europe/Atlantis'), access: { users: ['bob@example.com'] } } };
    await test.kube.patch(resources.templates, { name: 'xfce' }, { type: 'merge', value });
    await test.create(resources.sessions, aSession());
    await test.converge();
    expect(await test.condition('Accepted')).toMatchObject({ reason: 'AccessDenied' });
    await test.kube.patch(resources.templates, { name: 'xfce' }, { type: 'merge', value: { spec: { access: null } } });
    await test.converge();
    expect(await test.condition('Accepted')).toMatchObject({ reason: 'TemplateInvalid' });
    expect((await test.session()).status?.phase).toBe('Failed');
  });
});
