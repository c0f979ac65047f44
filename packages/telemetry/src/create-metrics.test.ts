import { describe, expect, it } from 'vitest';
import { createMetrics } from './create-metrics.ts';

const sessions = { name: 'sessions_total', help: 'Sessions started.', labels: ['template'] } as const;

describe('a metrics registry', () => {
  it('tells counters, gauges and histograms in the text format of Prometheus', async () => {
    const metrics = createMetrics();
    metrics.counter(sessions).add({ template: 'xfce' });
    metrics.counter(sessions).add({ template: 'xfce' }, 2);
    metrics.gauge({ name: 'depth', help: 'Depth.', labels: [] }).set({}, 7);
    metrics.histogram({ name: 'wait_seconds', help: 'Wait.', labels: [], buckets: [0.1, 1] }).observe({}, 0.5);
    const text = await metrics.text();
    expect(text).toContain('# TYPE sessions_total counter\nsessions_total{template="xfce"} 3');
    expect(text).toContain('depth 7');
    expect(text).toContain('wait_seconds_bucket{le="0.1"} 0\nwait_seconds_bucket{le="1"} 1');
    expect(metrics.contentType).toContain('text/plain; version=0.0.4');
  });

  it('shows a series that was only made visible as 0', async () => {
    const metrics = createMetrics();
    metrics.counter(sessions).add({ template: 'kde' }, 0);
    expect(await metrics.text()).toContain('sessions_total{template="kde"} 0');
  });

  it('keeps registries apart', async () => {
    createMetrics().counter(sessions).add({ template: 'xfce' });
    expect(await createMetrics().text()).not.toContain('sessions_total');
  });

  it('refuses one name for two metrics', () => {
    const metrics = createMetrics();
    metrics.counter(sessions);
    expect(() => metrics.gauge(sessions)).toThrow(/sessions_total is a counter\(template\) already/);
    expect(() => metrics.counter({ ...sessions, labels: ['user'] })).toThrow(/another name/);
  });

  it('tells of the process only when asked', async () => {
    expect(await createMetrics({ process: true }).text()).toContain('process_resident_memory_bytes');
    expect(await createMetrics().text()).not.toContain('process_resident_memory_bytes');
  });
});
