/** One entry of `Status.details.causes`: a field and what is wrong with it. */
export interface KubeErrorCause {
  readonly reason?: string;
  readonly field?: string;
  readonly message?: string;
}

interface KubeErrorFacts {
  readonly status: number;
  readonly reason: string;
  readonly message: string;
  readonly causes?: readonly KubeErrorCause[];
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

/**
 * A request that did not succeed. `status` is the HTTP status, or 0 when there was no usable answer; `reason` is that of
 * `metav1.Status` (`NotFound`, `Conflict`, `Expired`…) or one of ours: `ConnectionFailed`, `Timeout`, `InvalidAnswer`.
 */
export class KubeError extends Error {
  override readonly name = 'KubeError';
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly KubeErrorCause[];
  /** Seconds the server asks to wait before the next attempt. */
  readonly retryAfterSeconds: number | undefined;

  constructor(facts: KubeErrorFacts) {
    super(facts.message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.reason = facts.reason;
    this.causes = facts.causes ?? [];
    this.retryAfterSeconds = facts.retryAfterSeconds;
  }
}

/** The object, or the kind, does not exist. */
export const isNotFound = (error: unknown): error is KubeError => error instanceof KubeError && error.status === 404;

/** The object exists already, so it was not created. */
export const isAlreadyExists = (error: unknown): error is KubeError =>
  error instanceof KubeError && error.status === 409 && error.reason === 'AlreadyExists';

/** Somebody else changed the object, or owns the field: read again, then decide again. */
export const isConflict = (error: unknown): error is KubeError =>
  error instanceof KubeError && error.status === 409 && error.reason !== 'AlreadyExists';

/** The revision asked for has been compacted away: list again. */
export const isGone = (error: unknown): error is KubeError => error instanceof KubeError && error.status === 410;
