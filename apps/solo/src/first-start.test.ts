import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiVersion, type VDISession, vdiSession, type VDITemplate, vdiTemplate } from '@vdi/api';
import { builtinResources, resourceOf } from '@vdi/kube';
import { createLogger } from '@vdi/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Solo, startSolo } from './solo.ts';

let stateDirectory: string;
beforeEach(() => {
  stateDirectory = mkdtempSync(join(tmpdir(), 'vdi-first-'));
});
afterEach(() => rmSync(stateDirectory, { recursive: true }));

const log = createLogger({ name: 'test', level: 'silent' });
const start = (): Promise<Solo> => startSolo({ stateDirectory, port: 0, log });
const templates = resourceOf<VDITemplate>(vdiTemplate);
const sessions = resourceOf<VDISession>(vdiSession);

const templateNames = async ({ kube }: Solo): Promise<readonly string[]> =>
  (await kube.list(templates)).items.map(({ metadata }) => metadata.name);

describe('the first start of standalone mode', () => {
  it('offers templates, and never brings back one that was deleted', async () => {
    {
      await using solo = await start();
      expect(await templateNames(solo)).toEqual(['firefox', 'terminal', 'ubuntu-desktop']);
      await solo.kube.delete(templates, { name: 'firefox' });
    }
    await using again = await start();
    expect(await templateNames(again)).toEqual(['terminal', 'ubuntu-desktop']);
  });

  it('makes the ticket keys once, for nobody else to read, and hands desktops the public half', async () => {
    const path = join(stateDirectory, 'ticket-keys.json');
    const metadata = { name: 'desk', namespace: 'vdi-sessions' };
    let first: string;
    {
      await using solo = await start();
      first = readFileSync(path, 'utf8');
      // Without a node there is no storage class, so no home.
      const spec = { user: 'alice@example.com', template: 'ubuntu-desktop', persistence: { enabled: false } };
      await solo.kube.create(sessions, { apiVersion, kind: 'VDISession', metadata, spec });
      for await (const event of solo.kube.watch(builtinResources.pods, { signal: AbortSignal.timeout(10_000) })) {
        if (event.type === 'ADDED') break;
      }
      const secret = await solo.kube.get(builtinResources.secrets, metadata);
      const { 'ticket-keys.json': published = '' } = secret['data'] as Readonly<Record<string, string>>;
      const { jwks } = JSON.parse(first) as { readonly jwks: unknown };
      expect(JSON.parse(Buffer.from(published, 'base64').toString())).toEqual(jwks);
      expect(JSON.stringify(jwks)).not.toContain('"d"');
    }
    expect(statSync(path).mode & 0o777).toBe(0o600);
    await using _again = await start();
    expect(readFileSync(path, 'utf8')).toBe(first);
  });
});
