/** Values for the labels of a metric, each of which must be given. */
export type LabelValues<L extends string> = Readonly<Record<L, string>>;

/** A number that only grows. */
export interface Counter<L extends string> {
  /** Adds `by`, 1 if left out; 0 makes the series visible before anything was counted. */
  add(labels: LabelValues<L>, by?: number): void;
}

/** A number that goes up and down. */
export interface Gauge<L extends string> {
  set(labels: LabelValues<L>, value: number): void;
}

/** How often values fell into which range. */
export interface Histogram<L extends string> {
  observe(labels: LabelValues<L>, value: number): void;
}

/** What a metric is called and how it is told apart; see https://prometheus.io/docs/practices/naming. */
export interface MetricDescription<L extends string> {
  readonly name: string;
  readonly help: string;
  readonly labels: readonly L[];
}

/**
 * The metrics of one process, or of one simulated one. Asking again for a metric of the same name gives the same metric, so
 * that parts which do not know of each other can share one; the same name with another type or other labels throws.
 */
export interface Metrics {
  /** What `text` should be served as. */
  readonly contentType: string;
  /** All metrics in the text format of Prometheus. */
  text(): Promise<string>;
  counter<L extends string = never>(description: MetricDescription<L>): Counter<L>;
  gauge<L extends string = never>(description: MetricDescription<L>): Gauge<L>;
  /** `buckets` are upper bounds, ascending, in the unit that the name ends with. */
  histogram<L extends string = never>(
    description: MetricDescription<L> & { readonly buckets: readonly number[] },
  ): Histogram<L>;
}
