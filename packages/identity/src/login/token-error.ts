/** Why a token is refused, for programs. */
export type TokenRefusal = 'malformed' | 'expired' | 'wrongClaim' | 'wrongAlgorithm' | 'wrongSignature' | 'wrongType';

/** A bearer token that is not accepted; the message completes "The token is refused: ". */
export class TokenError extends Error {
  override readonly name = 'TokenError';
  readonly refusal: TokenRefusal;

  constructor(refusal: TokenRefusal, message: string) {
    super(message);
    this.refusal = refusal;
  }
}
