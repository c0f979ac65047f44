import type { KubeClient } from '@vdi/kube';
import type { Logger, Metrics } from '@vdi/telemetry';
import type { Clock } from './clock.ts';

/** What every part of a controller gets from the program that runs it. One per process, or per simulated one. */
export interface Runtime {
  readonly kube: KubeClient;
  readonly clock: Clock;
  /** Uniform in [0, 1), like `Math.random`; spreads retries. */
  readonly random: () => number;
  readonly logger: Logger;
  readonly metrics: Metrics;
}
