/** Where the middle and the slow end of a series of measurements lie, in the unit of the measurements. */
export interface Distribution {
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  /** How many there were: 99 of 100 says little about ten. */
  readonly samples: number;
}

/** @throws RangeError without any measurement */
export function distributionOf(measurements: readonly number[]): Distribution {
  const sorted = measurements.toSorted((one, other) => one - other);
  return {
    p50: rounded(percentile(sorted, 0.5)),
    p90: rounded(percentile(sorted, 0.9)),
    p99: rounded(percentile(sorted, 0.99)),
    samples: sorted.length,
  };
}

/**
 * The nearest-rank percentile: the smallest measurement that at least this share of all is not above. So it is always one
 * that was measured.
 *
 * @param sorted in ascending order
 * @param share from 0 to 1
 * @throws RangeError without any measurement
 */
export function percentile(sorted: readonly number[], share: number): number {
  const found = sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
  if (found === undefined) throw new RangeError('There is no percentile of no measurements.');
  return found;
}

/** Two decimals: what the clocks are good for. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
