import type { Volume } from '@vdi/kube';
import { describe, expect, it } from 'vitest';
import { aPod } from '../pod/pod-builders.ts';
import { projectedFiles } from './projected-files.ts';

const sources = {
  pod: aPod({}, { labels: { b: '2', a: '1' } }),
  facts: {
    nodeName: 'node',
    hostIP: '192.0.2.1',
    podIP: undefined,
    capacity: { cpu: 1, memory: 1, ephemeralStorage: 1 },
  },
  configMap: (name: string) => (name === 'c' ? { one: Buffer.from('1'), two: Buffer.from('2') } : undefined),
  secret: (name: string) => (name === 's' ? { one: Buffer.from('secret') } : undefined),
};
const files = (volume: Omit<Volume, 'name'>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    (projectedFiles({ name: 'v', ...volume }, sources) ?? []).map(({ path, content, mode }) => [
      path,
      `${content.toString()} ${mode.toString(8)}`,
    ]),
  );

describe('the files of a volume', () => {
  it('are all keys, or the chosen ones under other names', () => {
    expect(files({ configMap: { name: 'c', defaultMode: 0o600 } })).toEqual({ one: '1 600', two: '2 600' });
    const items = [{ key: 'two', path: 'x/y', mode: 0o400 }];
    expect(files({ configMap: { name: 'c', items } })).toEqual({ 'x/y': '2 400' });
  });

  it('come from several sources, the later one winning', () => {
    const downwardAPI = { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] };
    const projected = { sources: [{ configMap: { name: 'c' } }, { secret: { name: 's' } }, { downwardAPI }] };
    expect(files({ projected })).toEqual({ one: 'secret 644', two: '2 644', labels: 'a="1"\nb="2" 644' });
  });

  it('must exist unless they are optional, and must stay inside', () => {
    expect(() => files({ secret: { secretName: 'none' } })).toThrow('secret "none" not found');
    expect(files({ secret: { secretName: 'none', optional: true } })).toEqual({});
    const outside = { name: 'c', items: [{ key: 'one', path: '../one' }] };
    expect(() => files({ configMap: outside })).toThrow(/lead out of the volume/);
  });

  it('do not exist for other kinds of volumes', () => {
    expect(projectedFiles({ name: 'v', emptyDir: {} }, sources)).toBeUndefined();
  });
});
