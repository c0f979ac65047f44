import { createLogger, createMetrics } from '@vdi/telemetry';
import type { Runtime } from '@vdi/controller';

/** A runtime for one test, with a quiet logger and metrics of its own. */
export function testRuntime(parts: Pick<Runtime, 'kube' | 'clock'> & Partial<Runtime>): Runtime {
  return {
    random: () => 0.5,
    logger: createLogger({ name: 'test', level: 'silent' }),
    metrics: createMetrics(),
    ...parts,
  };
}
