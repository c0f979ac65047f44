import { describe, expect, it } from 'vitest';
import { cpuChoices, formatCores, formatMemory, memoryChoices } from './amounts.ts';
import { launchChoices } from './launch-choices.ts';
import type { Template } from './template.ts';
import { matchingTemplates, templateTags } from './template-filter.ts';

const aTemplate = (name: string, some: Partial<Template> = {}): Template => ({
  name,
  displayName: name,
  description: undefined,
  icon: undefined,
  tags: [],
  isPersistent: true,
  resources: {
    defaultGPU: 0,
    maxGPU: 1,
    defaultMemory: undefined,
    maxMemory: undefined,
    defaultCPU: undefined,
    maxCPU: undefined,
  },
  ...some,
});

describe('the amounts to choose from', () => {
  it('end at the maximum of the template, which is one of them', () => {
    expect(memoryChoices('2Gi', '6Gi')).toEqual(['1Gi', '2Gi', '4Gi', '6Gi']);
    expect(cpuChoices('500m', '2')).toEqual(['500m', '1', '2']);
  });

  it('name one amount once, as the template writes it', () => {
    expect(memoryChoices('2048Mi', '4Gi')).toEqual(['1Gi', '2048Mi', '4Gi']);
  });

  it('go as far as is sensible without a maximum', () => {
    expect(cpuChoices(undefined, undefined)).toEqual(['1', '2', '4', '6', '8', '12', '16']);
  });

  it('are written for people', () => {
    expect([formatMemory('512Mi'), formatMemory('1536Mi'), formatCores('1'), formatCores('500m')]).toEqual([
      '512 MiB',
      '1.5 GiB',
      '1 core',
      '0.5 cores',
    ]);
  });
});

describe('a launch', () => {
  const untouched = { displayName: ' ', cpu: undefined, memory: undefined, gpu: undefined, isPersistent: undefined };

  it('leaves to the template what was not chosen', () => {
    expect(launchChoices(untouched)).toEqual({});
  });

  it('asks for no GPU where none was chosen on purpose', () => {
    expect(launchChoices({ ...untouched, displayName: ' Lab ', gpu: 0, isPersistent: false })).toEqual({
      displayName: 'Lab',
      resources: { gpu: 0 },
      persistence: { enabled: false },
    });
  });
});

describe('the catalogue', () => {
  const templates = [
    aTemplate('office', { tags: ['linux', 'writing'] }),
    aTemplate('code', { description: 'Editor and compilers', tags: ['linux'] }),
  ];

  it('is searched by every word, in names, descriptions and tags', () => {
    expect(matchingTemplates(templates, { text: 'EDITOR linux', tag: undefined })).toEqual([templates[1]]);
    expect(matchingTemplates(templates, { text: 'editor writing', tag: undefined })).toEqual([]);
  });

  it('is narrowed by a tag', () => {
    expect(matchingTemplates(templates, { text: '', tag: 'writing' })).toEqual([templates[0]]);
  });

  it('offers the commonest tags first', () => {
    expect(templateTags(templates)).toEqual(['linux', 'writing']);
  });
});
