import type { Metrics } from '@vdi/telemetry';

/** The values of label `result` in controller-runtime. */
type Result = 'success' | 'requeue_after' | 'error';

export interface ControllerMetrics {
  reconciled(result: Result, seconds: number): void;
  failedForGood(): void;
  timedOut(): void;
  activeWorkers(workers: number): void;
}

const buckets = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** The metrics of one controller, by the names of controller-runtime, visible as 0 from the start. */
export function controllerMetrics(metrics: Metrics, controller: string, concurrency: number): ControllerMetrics {
  const labels = ['controller'] as const;
  const prefix = 'controller_runtime';
  const total = metrics.counter({
    name: `${prefix}_reconcile_total`,
    help: 'Reconciliations by result.',
    labels: ['controller', 'result'],
  });
  const count = (name: string, help: string) => metrics.counter({ name: `${prefix}_${name}`, help, labels });
  const errors = count('reconcile_errors_total', 'Reconciliations that failed.');
  const terminal = count('terminal_reconcile_errors_total', 'Reconciliations that failed and are not retried.');
  const timeouts = count('reconcile_timeouts_total', 'Reconciliations that ran into their deadline.');
  const gauge = (name: string, help: string) => metrics.gauge({ name: `${prefix}_${name}`, help, labels });
  const active = gauge('active_workers', 'Workers that are busy.');
  const time = metrics.histogram({
    name: `${prefix}_reconcile_time_seconds`,
    help: 'How long a reconciliation took.',
    labels,
    buckets,
  });
  gauge('max_concurrent_reconciles', 'Workers there are.').set({ controller }, concurrency);
  active.set({ controller }, 0);
  for (const counter of [errors, terminal, timeouts]) counter.add({ controller }, 0);
  for (const result of ['success', 'requeue_after', 'error']) total.add({ controller, result }, 0);
  return {
    reconciled(result, seconds) {
      total.add({ controller, result });
      time.observe({ controller }, seconds);
      if (result === 'error') errors.add({ controller });
    },
    failedForGood: () => terminal.add({ controller }),
    timedOut: () => timeouts.add({ controller }),
    activeWorkers: (workers) => active.set({ controller }, workers),
  };
}
