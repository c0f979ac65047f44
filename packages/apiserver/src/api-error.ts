/** One entry of `Status.details.causes`: a field and what is wrong with it. `type` is a Kubernetes cause, such as `FieldValueInvalid`. */
export interface FieldError {
  readonly type:
    | 'FieldValueRequired'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueDuplicate'
    | 'FieldValueForbidden'
    | 'FieldValueTypeInvalid'
    | 'FieldManagerConflict';
  /** `spec.ports[0].name` */
  readonly field: string;
  readonly message: string;
}

/** A failure that reaches the client as a `metav1.Status`; everything else thrown becomes an InternalError. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    options: { causes?: readonly FieldError[]; retryAfterSeconds?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.causes = options.causes ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}
