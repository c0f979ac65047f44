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
    | 'FieldValueNotFound'
    | 'FieldValueTypeInvalid'
    | 'FieldManagerConflict'
    | 'NamespaceTerminating'
    | 'DisruptionBudget'
    | 'ResourceVersionTooLarge';
  /** `spec.ports[0].name` */
  readonly field: string;
  readonly message: string;
}

/** `Status.details`: the object a failure is about. Where it is left out, the object that the request names is told. */
export interface ErrorSubject {
  readonly name?: string;
  readonly group?: string;
  /** The kind for Invalid, the plural resource name for everything else, as upstream has it. */
  readonly kind?: string;
  readonly uid?: string;
}

/** A failure that reaches the client as a `metav1.Status`; everything else thrown becomes an InternalError. */
export class ApiError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;
  readonly subject: ErrorSubject | undefined;
  /** With 410: where a client may go on with a list, accepting that it is no longer of one moment. */
  readonly continueToken: string | undefined;

  constructor(
    code: number,
    reason: string,
    message: string,
    options: {
      readonly causes?: readonly FieldError[];
      readonly retryAfterSeconds?: number;
      readonly subject?: ErrorSubject;
      readonly continueToken?: string;
      readonly cause?: unknown;
    } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ApiError';
    this.code = code;
    this.reason = reason;
    this.causes = options.causes ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.subject = options.subject;
    this.continueToken = options.continueToken;
  }

  /** The answer to the client, as `metav1.Status`. */
  toStatus(): object {
    const { code, reason, message, causes, subject, retryAfterSeconds, continueToken } = this;
    const details = {
      ...subject,
      ...(causes.length === 0
        ? {}
        : { causes: causes.map(({ type, message, field }) => ({ reason: type, message, field })) }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    };
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: continueToken === undefined ? {} : { continue: continueToken },
      status: 'Failure',
      message,
      reason,
      ...(Object.keys(details).length === 0 ? {} : { details }),
      code,
    };
  }
}
