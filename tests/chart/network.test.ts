import { describe, expect, it } from 'vitest';
import {
  allOf,
  type Labels,
  type NetworkPolicy,
  one,
  type Peer,
  title,
  type Workload,
  workloads,
} from './chart-object.ts';
import { release, render, type Values } from './helm.ts';
import { full, installations } from './installations.ts';

const selects = (selector: Labels = {}, labels: Labels = {}): boolean =>
  Object.entries(selector).every(([key, value]) => labels[key] === value);

const portsOpenTo = (policy: NetworkPolicy, peer: (one: Peer) => boolean): readonly number[] =>
  (policy.spec.ingress ?? [])
    .filter(({ from = [] }) => from.some(peer))
    .flatMap(({ ports = [] }) => ports.map(({ port }) => port));

describe.each(Object.entries(installations))('the network of the chart for %s', (_who, values) => {
  const objects = render(values);
  const podsOf = (selector: Labels): readonly Workload[] =>
    workloads(objects).filter(({ spec }) => selects(selector, spec.template.metadata.labels));

  it('has a Deployment that selects its own Pods and no others', () => {
    for (const { spec, metadata } of workloads(objects)) {
      expect(podsOf(spec.selector.matchLabels).map((found) => found.metadata.name)).toEqual([metadata.name]);
    }
  });

  it('leads every port of a Service to a port of one kind of Pod', () => {
    const services = allOf(objects, 'Service');
    expect(services.map(({ metadata }) => metadata.name)).toEqual(['vdi-gateway', 'vdi-operator']);
    for (const { spec, metadata } of services) {
      const [pods, ...others] = podsOf(spec.selector);
      expect([pods?.metadata.name, others]).toEqual([metadata.name, []]);
      const ports = pods?.spec.template.spec.containers.flatMap((container) => container.ports ?? []);
      for (const { port, targetPort } of spec.ports) {
        expect(ports?.find(({ name }) => name === targetPort)?.containerPort).toBe(port);
      }
    }
  });

  it('selects with each policy Pods that there are, and opens only ports that they have', () => {
    for (const policy of allOf(objects, 'NetworkPolicy')) {
      expect(policy.spec.policyTypes).toEqual(['Ingress', 'Egress']);
      if (policy.metadata.namespace !== release.namespace) {
        expect(policy.spec, title(policy)).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
        continue;
      }
      const [pods] = podsOf(policy.spec.podSelector.matchLabels ?? {});
      const open = pods?.spec.template.spec.containers.flatMap(({ ports = [] }) => ports.map((p) => p.containerPort));
      for (const { port } of (policy.spec.ingress ?? []).flatMap(({ ports = [] }) => ports)) {
        expect(open, title(policy)).toContain(port);
      }
    }
  });

  it('never leaves a rule open to everybody', () => {
    for (const policy of allOf(objects, 'NetworkPolicy')) {
      for (const rule of policy.spec.ingress ?? []) expect(rule.from?.length, title(policy)).toBeGreaterThan(0);
      for (const rule of policy.spec.egress ?? []) expect(rule.ports?.length, title(policy)).toBeGreaterThan(0);
    }
  });
});

describe('the gateway', () => {
  const policyOf = (values: Values): NetworkPolicy => one(render(values), 'NetworkPolicy', 'vdi-gateway');
  const isTraefik = ({ podSelector }: Peer): boolean =>
    podSelector?.matchLabels?.['app.kubernetes.io/name'] === 'traefik';
  const isMonitoring = ({ namespaceSelector }: Peer): boolean =>
    namespaceSelector?.matchLabels?.['kubernetes.io/metadata.name'] === 'monitoring';

  it('is asked for /verify by Traefik alone, and for metrics by the monitoring alone', () => {
    expect(portsOpenTo(policyOf(full), isTraefik)).toEqual([8080, 8082]);
    expect(portsOpenTo(policyOf(full), isMonitoring)).toEqual([8081]);
    expect(portsOpenTo(policyOf(full), (peer) => !isTraefik(peer) && !isMonitoring(peer))).toEqual([]);
  });

  it('does not open /verify to another proxy, which would not ask it', () => {
    const policy = policyOf(installations['another ingress controller'] as Values);
    expect(portsOpenTo(policy, (peer) => !isMonitoring(peer))).toEqual([8080]);
  });

  it('reaches its provider at the port of the issuer', () => {
    const ports = (who: string): readonly number[] =>
      (policyOf(installations[who] as Values).spec.egress ?? [])
        .filter(({ to }) => to === undefined)
        .flatMap(({ ports: opened = [] }) => opened.map(({ port }) => port));
    expect(ports('a provider of their own')).toEqual([443]);
    expect(ports('a provider with everything that can be said of it')).toEqual([9443]);
    expect(ports('the least, to try things out')).toEqual([]);
  });
});

describe('the way from a person to a session', () => {
  const sessionClients = (values: Values): readonly Peer[] => {
    const objects = render(values);
    const { data } = one(objects, 'ConfigMap', 'vdi-operator-settings');
    const { network } = JSON.parse(data['settings.json'] ?? '') as { network: { ingressFrom: readonly Peer[] } };
    const pods = workloads(objects).map(({ spec }) => spec.template.metadata.labels);
    // Operator and gateway are named by labels that their Pods have.
    for (const labels of pods) {
      expect(network.ingressFrom.some(({ podSelector }) => selects(podSelector?.matchLabels, labels))).toBe(true);
    }
    return network.ingressFrom;
  };

  it('goes through Traefik where Traefik routes sessions, and through the gateway alone elsewhere', () => {
    expect(sessionClients(full)).toHaveLength(3);
    expect(sessionClients(installations['another ingress controller'] as Values)).toHaveLength(2);
    expect(sessionClients(installations['a way of their own'] as Values)).toHaveLength(2);
  });

  it.each(['vdi-operator', 'vdi-gateway'])('is open to %s in every namespace of sessions', (name) => {
    const policy = one(render(full), 'NetworkPolicy', name);
    const toSessions = (policy.spec.egress ?? []).find(({ ports = [] }) => ports.some(({ port }) => port === 8080));
    expect(toSessions?.to).toEqual([
      {
        namespaceSelector: {
          matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: ['vdi-sessions', 'vdi'] }],
        },
        podSelector: { matchLabels: { 'app.kubernetes.io/name': 'vdi-session' } },
      },
    ]);
  });
});
