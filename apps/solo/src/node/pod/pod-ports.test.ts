import { describe, expect, it } from 'vitest';
import { httpPortOf, mediaPortCandidates, mediaPortOf, tcpPortsToPublish } from './pod-ports.ts';
import { aContainer, aPod } from './pod-builders.ts';

const range = { first: 20_000, last: 29_999 };

describe('the ports of a Pod', () => {
  const pod = aPod({
    initContainers: [aContainer({ name: 'display', ports: [{ name: 'http', containerPort: 8080 }] })],
    containers: [
      aContainer({ readinessProbe: { httpGet: { port: 9000 } }, livenessProbe: { tcpSocket: { port: 8080 } } }),
    ],
  });

  it('are published where the gateway needs them, and for probes where addresses cannot be reached', () => {
    expect(httpPortOf(pod)).toBe(8080);
    expect(tcpPortsToPublish(pod, true)).toEqual([8080]);
    expect(tcpPortsToPublish(pod, false)).toEqual([8080, 9000]);
  });

  it.each([
    ['50000', 50_000],
    ['0', undefined],
    ['70000', undefined],
    ['many', undefined],
  ])('carry media as the annotation %s says', (text, port) => {
    expect(mediaPortOf(aPod({}, { annotations: { 'vdi.kasm.io/media-port': text } }))).toBe(port);
  });
});

describe('the candidates for a media port', () => {
  it('are the same for the same Pod, spread over the range and never twice the same', () => {
    expect(mediaPortCandidates('a', range)).toEqual(mediaPortCandidates('a', range));
    const first = new Set(Array.from({ length: 500 }, (_, index) => mediaPortCandidates(`pod-${index}`, range)[0]));
    expect(first.size).toBeGreaterThan(450);
    const all = mediaPortCandidates('b', { first: 29_990, last: 29_999 });
    expect(new Set(all).size).toBe(10);
    expect(Math.min(...all)).toBe(29_990);
  });
});
