import type { Metrics } from '@vdi/telemetry';

export interface ReflectorMetrics {
  listed(items: number): void;
  watchEnded(isFailure: boolean): void;
  handled(seconds: number): void;
  handlerFailed(): void;
}

/** The metrics of one reflector, by the names that client-go gives them where it has them. */
export function reflectorMetrics(metrics: Metrics, name: string): ReflectorMetrics {
  const labels = ['name'] as const;
  const lists = metrics.counter({ name: 'reflector_lists_total', help: 'Lists that succeeded.', labels });
  const items = metrics.gauge({ name: 'reflector_items_per_list', help: 'Objects in the last list.', labels });
  const watches = metrics.counter({ name: 'reflector_watches_total', help: 'Watches that ended.', labels });
  const failures = metrics.counter({
    name: 'reflector_failures_total',
    help: 'Lists and watches that ended with an error, an expired resourceVersion included.',
    labels,
  });
  const handlerErrors = metrics.counter({
    name: 'reflector_handler_errors_total',
    help: 'Exceptions thrown by those who listen to changes.',
    labels,
  });
  const handlerTime = metrics.histogram({
    name: 'reflector_handler_duration_seconds',
    help: 'How long a listener held up the events behind it.',
    labels,
    buckets: [0.0001, 0.001, 0.01, 0.1, 1, 10],
  });
  for (const counter of [lists, watches, failures, handlerErrors]) counter.add({ name }, 0);
  return {
    listed(count) {
      lists.add({ name });
      items.set({ name }, count);
    },
    watchEnded(isFailure) {
      watches.add({ name });
      if (isFailure) failures.add({ name });
    },
    handled: (seconds) => handlerTime.observe({ name }, seconds),
    handlerFailed: () => handlerErrors.add({ name }),
  };
}
