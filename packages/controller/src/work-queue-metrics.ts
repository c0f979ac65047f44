import type { Metrics } from '@vdi/telemetry';

export interface WorkQueueMetrics {
  depth(keys: number): void;
  added(): void;
  waited(seconds: number): void;
  worked(seconds: number): void;
  retried(): void;
}

const buckets = [1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000];

/** The metrics of one work queue, by the names of controller-runtime. */
export function workQueueMetrics(metrics: Metrics, controller: string): WorkQueueMetrics {
  const labels = ['name', 'controller'] as const;
  const values = { name: controller, controller };
  const depth = metrics.gauge({ name: 'workqueue_depth', help: 'Keys that wait for a worker.', labels });
  const adds = metrics.counter({ name: 'workqueue_adds_total', help: 'Keys added.', labels });
  const retries = metrics.counter({ name: 'workqueue_retries_total', help: 'Keys added because they failed.', labels });
  const waited = metrics.histogram({
    name: 'workqueue_queue_duration_seconds',
    help: 'How long a key waited for a worker.',
    labels,
    buckets,
  });
  const worked = metrics.histogram({
    name: 'workqueue_work_duration_seconds',
    help: 'How long a worker was busy with a key.',
    labels,
    buckets,
  });
  depth.set(values, 0);
  for (const counter of [adds, retries]) counter.add(values, 0);
  return {
    depth: (keys) => depth.set(values, keys),
    added: () => adds.add(values),
    waited: (seconds) => waited.observe(values, seconds),
    worked: (seconds) => worked.observe(values, seconds),
    retried: () => retries.add(values),
  };
}
