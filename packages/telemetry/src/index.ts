export { createLogger, type Logger } from './logger.ts';
export { createMetrics } from './create-metrics.ts';
export type { Counter, Gauge, Histogram, LabelValues, MetricDescription, Metrics } from './metrics.ts';
