/** Why a ticket was refused; for logs and metrics. People are told to open the session again, whatever the reason. */
export type TicketRefusal = 'malformed' | 'untrusted' | 'expired' | 'not-yet-valid' | 'other-session' | 'bad-claims';

export class TicketError extends Error {
  override readonly name = 'TicketError';
  readonly refusal: TicketRefusal;

  constructor(refusal: TicketRefusal, message: string, options?: ErrorOptions) {
    super(message, options);
    this.refusal = refusal;
  }
}
