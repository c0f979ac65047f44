/** Arithmetic on the 16-bit circle of RTP sequence numbers (RFC 1982, RFC 3550 appendix A.1). */
const circle = 0x1_0000;
const half = 0x8000;

export function nextSequence(sequence: number): number {
  return (sequence + 1) & 0xffff;
}

/** Signed steps from `from` to `to` on the shorter way: −32768 … 32767. */
export function sequenceDistance(from: number, to: number): number {
  const distance = (to - from) & 0xffff;
  return distance < half ? distance : distance - circle;
}

/** Follows a 16-bit counter across its wraps and answers an ever-growing number; tolerates reordering of up to half the circle. */
export class SequenceUnwrapper {
  #last: number | undefined;

  unwrap(sequence: number): number {
    const last = this.#last;
    if (last === undefined) {
      this.#last = sequence;
      return sequence;
    }
    const unwrapped = last + sequenceDistance(last & 0xffff, sequence);
    if (unwrapped > last) this.#last = unwrapped;
    return unwrapped;
  }
}
