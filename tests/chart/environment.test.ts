import { defaultSettings, type OperatorSettings } from '@vdi/operator';
import { describe, expect, it } from 'vitest';
import { readConfig as readGatewayConfig } from '../../apps/gateway/src/config/config.ts';
import { readConfig as readOperatorConfig } from '../../apps/operator/src/config.ts';
import { render } from './helm.ts';
import { full, installations } from './installations.ts';
import { podEnvironment } from './pod-environment.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type ReadConfig = (environment: Environment) => unknown;

const programs: Readonly<Record<string, ReadConfig>> = {
  'vdi-operator': readOperatorConfig,
  'vdi-gateway': (environment) => readGatewayConfig(environment, '/opt/vdi'),
};

/** The names that a program asks its environment for. */
function namesRead(readConfig: ReadConfig, environment: Environment): ReadonlySet<string> {
  const names = new Set<string>();
  const record = (name: string | symbol): void => void names.add(String(name));
  readConfig(
    new Proxy(environment, {
      get: (target, name: string) => (record(name), target[name]),
      has: (target, name) => (record(name), name in target),
    }),
  );
  return names;
}

/** What is left to the programs: where they listen inside a Pod, and what the image decides. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  'vdi-operator': ['VDI_LISTEN_HOST'],
  'vdi-gateway': ['VDI_AUDIT_FILE', 'VDI_DASHBOARD_DIRECTORY', 'VDI_LISTEN_HOST'],
};

describe.each(Object.entries(installations))('the environment for %s', (_who, values) => {
  const objects = render(values);

  it.each(Object.keys(programs))('lets %s start, and says nothing that it does not read', (name) => {
    const environment = podEnvironment(objects, name);
    const read = namesRead(programs[name] as ReadConfig, environment);
    expect(Object.keys(environment).filter((variable) => !read.has(variable))).toEqual([]);
  });
});

describe('the environment', () => {
  it.each(Object.keys(programs))(
    'gives %s everything that can be said to it, in one installation or another',
    (name) => {
      const said = new Set<string>();
      const read = new Set<string>();
      for (const values of Object.values(installations)) {
        const environment = podEnvironment(render(values), name);
        for (const variable of Object.keys(environment)) said.add(variable);
        for (const variable of namesRead(programs[name] as ReadConfig, environment)) read.add(variable);
      }
      expect([...read].filter((variable) => !said.has(variable)).toSorted()).toEqual(leftOut[name]);
    },
  );

  it("says of the operator's settings what it would do by itself, but for who may reach a session", () => {
    const { settings } = readOperatorConfig(podEnvironment(render(full), 'vdi-operator'));
    const { network, ...expected }: Omit<OperatorSettings, 'displayImage' | 'address'> = defaultSettings;
    expect(settings).toMatchObject(expected);
    expect({ ...settings.network, ingressFrom: [] }).toEqual({ ...network, ingressFrom: [] });
    expect(settings.address).toEqual({ kind: 'domain', domain: 'vdi.example.com', port: 443 });
  });

  it('hands settings of a section on without losing the rest of it', () => {
    const { settings } = readOperatorConfig(
      podEnvironment(render(installations['every setting of the network'] ?? {}), 'vdi-operator'),
    );
    expect(settings).toMatchObject({
      startDeadlineMs: 900_000,
      home: { size: '20Gi', storageClassName: 'homes', accessMode: 'ReadWriteOnce' },
      network: { directMedia: true, blockedCidrs: ['192.0.2.0/24', '2001:db8::/32'], isolation: 'network-policy' },
      iceServers: [{ urls: ['stun:stun.example.com:3478'] }],
    });
  });
});
