import type { IIngressRoute, IMiddleware, ITLSOption } from '@kubernetes-models/traefik/traefik.io/v1alpha1';
import type { IServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { defaultSettings } from '@vdi/operator';
import { describe, expect, it } from 'vitest';
import { desiredRoute } from '../../apps/operator/src/session/desired/route.ts';
import { aSession } from '../../apps/operator/src/testing/builders.ts';
import { allOf, one } from './chart-object.ts';
import { render, type Values } from './helm.ts';
import { full, installations } from './installations.ts';

/**
 * What is expected is written with the types of Traefik 3 and of the Prometheus Operator, so that a field which they do not
 * know does not compile.
 */
describe('with Traefik', () => {
  const gateway = [{ name: 'vdi-gateway', port: 'http', nativeLB: true, responseForwarding: { flushInterval: '1ms' } }];
  const sessionHosts = 'HostRegexp(`^[a-z0-9]([a-z0-9-]*[a-z0-9])?\\.vdi\\.example\\.com$`)';
  const specOf = (values: Values, kind: string, name: string) => one(render(values), kind, name).spec;

  it("the dashboard, the door's own pages and hosts without a session lead to the gateway", () => {
    const expected: IIngressRoute['spec'] = {
      entryPoints: ['websecure'],
      routes: [
        { kind: 'Rule', match: 'Host(`vdi.example.com`)', priority: 100, services: gateway },
        { kind: 'Rule', match: `${sessionHosts} && PathPrefix(\`/.vdi/\`)`, priority: 200, services: gateway },
        { kind: 'Rule', match: sessionHosts, priority: 1, services: gateway },
      ],
      tls: { secretName: 'vdi-wildcard' },
    };
    expect(specOf(full, 'IngressRoute', 'vdi-gateway')).toEqual(expected);
  });

  it("the door's pages come before the route of a session, and that before the page for no session", () => {
    const { entryPoint, ...settings } = defaultSettings.route;
    const route = desiredRoute(aSession({}, { uid: '0' }), 'alice.vdi.example.com', { entryPoint, ...settings });
    const { routes } = route.spec as { readonly routes: readonly [{ readonly priority: number }] };
    const [, door, nobody] = (specOf(full, 'IngressRoute', 'vdi-gateway') as { routes: { priority: number }[] }).routes;
    expect(door?.priority).toBeGreaterThan(routes[0].priority);
    expect(nobody?.priority).toBeLessThan(routes[0].priority);
  });

  it('the hosts of sessions are those that the operator gives out, and no other', () => {
    const [, , { match }] = (
      specOf(full, 'IngressRoute', 'vdi-gateway') as { routes: [unknown, unknown, { match: string }] }
    ).routes;
    const pattern = new RegExp(/`(.*)`/.exec(match)?.[1] ?? '');
    for (const host of ['alice', 'alice-9c1e', 'a', '7']) expect(`${host}.vdi.example.com`).toMatch(pattern);
    for (const host of ['', 'a.b', '-a', 'a-', 'A', 'a_b']) expect(`${host}.vdi.example.com`).not.toMatch(pattern);
    expect('alice.vdi-example.com').not.toMatch(pattern);
    expect('alice.vdi.example.com.evil.test').not.toMatch(pattern);
  });

  it("every namespace of sessions has the door and the options that the operator's routes name", () => {
    const middleware: IMiddleware['spec'] = {
      forwardAuth: {
        address: 'http://vdi-gateway.vdi-system.svc:8082/verify',
        trustForwardHeader: false,
        authResponseHeaders: ['X-Vdi-Ticket', 'Cookie', 'Authorization'],
      },
    };
    const options: ITLSOption['spec'] = { minVersion: 'VersionTLS12', alpnProtocols: ['h2', 'http/1.1'] };
    const made = (kind: string) =>
      allOf(render(full), kind).map(({ metadata: { namespace, name }, spec }) => ({ namespace, name, spec }));
    const { middleware: door, tlsOption } = defaultSettings.route;
    expect(made('Middleware')).toEqual(
      ['vdi-sessions', 'vdi'].map((namespace) => ({ namespace, name: door, spec: middleware })),
    );
    expect(made('TLSOption')).toEqual(
      ['vdi-sessions', 'vdi'].map((namespace) => ({ namespace, name: tlsOption, spec: options })),
    );
  });

  it.each<readonly [string, IIngressRoute['spec']['tls']]>([
    ['the least, to try things out', {}],
    [
      'a certificate that Traefik gets',
      { certResolver: 'letsencrypt', domains: [{ main: 'vdi.example.com', sans: ['*.vdi.example.com'] }] },
    ],
  ])('the certificate for %s comes from where the values say', (who, tls) => {
    expect(specOf(installations[who] as Values, 'IngressRoute', 'vdi-gateway')).toMatchObject({ tls });
  });
});

describe('with another ingress controller', () => {
  it('everything leads to the gateway, by HTTPS', () => {
    const objects = render(installations['another ingress controller'] as Values);
    const backend = { service: { name: 'vdi-gateway', port: { name: 'http' } } };
    const http = { paths: [{ path: '/', pathType: 'Prefix', backend }] };
    expect(one(objects, 'Ingress', 'vdi-gateway').spec).toEqual({
      ingressClassName: 'nginx',
      tls: [{ secretName: 'vdi-wildcard', hosts: ['vdi.example.com', '*.vdi.example.com'] }],
      rules: [
        { host: 'vdi.example.com', http },
        { host: '*.vdi.example.com', http },
      ],
    });
    expect(objects.filter(({ apiVersion }) => apiVersion.startsWith('traefik.io'))).toEqual([]);
  });
});

describe('with a way of their own', () => {
  it('no route is made', () => {
    const kinds = render(installations['a way of their own'] as Values).map(({ kind }) => kind);
    expect(kinds.filter((kind) => /Ingress|Middleware|TLSOption/.test(kind))).toEqual([]);
  });
});

describe('with Prometheus', () => {
  it('both programs are scraped at their port for operations', () => {
    const monitors = allOf(render(installations['Prometheus'] as Values), 'ServiceMonitor');
    const expected = (component: string): IServiceMonitor['spec'] => ({
      selector: {
        matchLabels: {
          'app.kubernetes.io/name': 'vdi-operator',
          'app.kubernetes.io/instance': 'vdi',
          'app.kubernetes.io/component': component,
        },
      },
      endpoints: [{ port: 'ops', path: '/metrics', interval: '30s' }],
    });
    expect(monitors.map(({ metadata, spec }) => [metadata.name, metadata.labels?.['release'], spec])).toEqual([
      ['vdi-operator', 'prometheus', expected('operator')],
      ['vdi-gateway', 'prometheus', expected('gateway')],
    ]);
  });
});
