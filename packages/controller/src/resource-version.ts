/**
 * Is `candidate` a later resourceVersion than `known`? They are compared as the decimal numbers that KEP-5504 promises. A
 * server that uses anything else is trusted to send things in order: whatever differs is later.
 */
export function isNewer(candidate: string, known: string): boolean {
  if (!isDecimal(candidate) || !isDecimal(known)) return candidate !== known;
  return candidate.length === known.length ? candidate > known : candidate.length > known.length;
}

/** Without leading zeros, so that length and text give the order, however large the number is. */
const isDecimal = (version: string): boolean => /^(0|[1-9]\d*)$/.test(version);
