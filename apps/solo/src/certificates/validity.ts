export const dayMs = 24 * 60 * 60 * 1000;

/** True when a certificate ends within so many days, or has not begun because the machine's clock was put back. */
export function isDueForRenewal(
  certificate: { readonly notBefore: Date; readonly notAfter: Date },
  now: Date,
  daysLeft: number,
): boolean {
  return certificate.notAfter.getTime() - now.getTime() < daysLeft * dayMs || certificate.notBefore > now;
}
