import type { HeaderExtension } from './rtp-packet.ts';

/** What was sent, so that it can be sent again (RFC 4588). */
export interface SentMedia {
  readonly sequence: number;
  readonly timestamp: number;
  readonly marker: boolean;
  readonly payload: Uint8Array;
  /** Those of the frame; the transport-wide number is new each time. */
  readonly extensions: readonly HeaderExtension[];
}

interface Entry {
  readonly packet: SentMedia;
  resentAt: number;
}

/** The last packets of one stream, found by sequence number. Older ones are overwritten. */
export class PacketHistory {
  readonly #entries: (Entry | undefined)[];
  readonly #mask: number;

  /** @param capacity a power of two, at most 32768. */
  constructor(capacity = 2048) {
    this.#entries = Array.from<Entry | undefined>({ length: capacity });
    this.#mask = capacity - 1;
  }

  add(packet: SentMedia): void {
    this.#entries[packet.sequence & this.#mask] = { packet, resentAt: Number.NEGATIVE_INFINITY };
  }

  /**
   * The packet to send again. `undefined` when it is too old, or was sent again less than `quietMs` ago: a receiver
   * repeats a request before the answer can have reached it.
   */
  takeForResend(sequence: number, nowMs: number, quietMs: number): SentMedia | undefined {
    const entry = this.#entries[sequence & this.#mask];
    if (entry?.packet.sequence !== sequence || nowMs - entry.resentAt < quietMs) return undefined;
    entry.resentAt = nowMs;
    return entry.packet;
  }
}
