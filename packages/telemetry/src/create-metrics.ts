import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { MetricDescription, Metrics } from './metrics.ts';

type Type = 'counter' | 'gauge' | 'histogram';

/** An empty registry; with `process: true`, one that also tells memory, processor and event loop of this process. */
export function createMetrics(options: { readonly process?: boolean } = {}): Metrics {
  const registry = new Registry();
  if (options.process === true) collectDefaultMetrics({ register: registry });
  const known = new Map<string, { readonly shape: string; readonly metric: unknown }>();

  /** The metric of this name, made when it is first asked for. */
  const once = <M, L extends string>(type: Type, { name, labels }: MetricDescription<L>, make: () => M): M => {
    const shape = `${type}(${[...labels].sort().join(', ')})`;
    const existing = known.get(name);
    if (existing !== undefined && existing.shape !== shape) {
      throw new TypeError(
        `Metric ${name} is a ${existing.shape} already and cannot also be a ${shape}; give one of them another name`,
      );
    }
    if (existing !== undefined) return existing.metric as M;
    const metric = make();
    known.set(name, { shape, metric });
    return metric;
  };

  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    counter: (description) => {
      const counter = once('counter', description, () => new Counter(settingsOf(description, registry)));
      return { add: (labels, by = 1) => counter.inc(labels, by) };
    },
    gauge: (description) => {
      const gauge = once('gauge', description, () => new Gauge(settingsOf(description, registry)));
      return { set: (labels, value) => gauge.set(labels, value) };
    },
    histogram: (description) => {
      const histogram = once(
        'histogram',
        description,
        () => new Histogram({ ...settingsOf(description, registry), buckets: [...description.buckets] }),
      );
      return { observe: (labels, value) => histogram.observe(labels, value) };
    },
  };
}

function settingsOf<L extends string>({ name, help, labels }: MetricDescription<L>, registry: Registry) {
  return { name, help, labelNames: [...labels], registers: [registry] };
}
