/** Tells how the building of an image goes on, for terminals and the dashboard. */
export type ReportImageProgress = (progress: ImageProgress) => void;

export interface ImageProgress {
  readonly image: string;
  /** Such as "Installing Debian packages". */
  readonly step: string;
  readonly state: 'started' | 'finished' | 'reused';
  /** How long it took; 0 when it has just started. */
  readonly milliseconds: number;
}

/** Does one step of a build and tells its beginning and its end. */
export async function reportStep<Result>(
  report: ReportImageProgress,
  image: string,
  step: string,
  work: () => Promise<Result>,
): Promise<Result> {
  const startedAt = performance.now();
  report({ image, step, state: 'started', milliseconds: 0 });
  const result = await work();
  report({ image, step, state: 'finished', milliseconds: Math.round(performance.now() - startedAt) });
  return result;
}
