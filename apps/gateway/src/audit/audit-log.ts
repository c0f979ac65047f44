/** One decision. Its texts are cut to a length that no asker can turn into a full disk. */
export interface AuditEvent {
  readonly user: string | undefined;
  readonly subject: string | undefined;
  readonly action: string;
  readonly object: string;
  readonly allowed: boolean;
  readonly as?: string;
  readonly code?: string;
  readonly reason?: string;
  readonly surface: string;
  readonly requestId: string;
  readonly address: string;
}

export interface AuditLog {
  /** Written when it returns. Throws when it could not be written. */
  record(event: AuditEvent): void;
}
