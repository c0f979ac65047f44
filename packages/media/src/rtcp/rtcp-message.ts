import type { TransportFeedback } from './transport-feedback.ts';

/** One report block of a receiver (RFC 3550 §6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** 0 … 1, since the report before. */
  readonly fractionLost: number;
  readonly cumulativeLost: number;
  readonly highestSequence: number;
  /** In units of the RTP clock. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report; 0: none seen. */
  readonly lastSenderReport: number;
  /** In units of 1/65536 s. */
  readonly delaySinceLastSenderReport: number;
}

/** What a receiver of our media may tell us. */
export type RtcpMessage =
  | { readonly type: 'receiver-report'; readonly blocks: readonly ReportBlock[] }
  | { readonly type: 'nack'; readonly mediaSsrc: number; readonly sequences: readonly number[] }
  | { readonly type: 'picture-loss'; readonly mediaSsrc: number }
  | { readonly type: 'full-intra-request'; readonly mediaSsrc: number; readonly command: number }
  | { readonly type: 'transport-feedback'; readonly feedback: TransportFeedback }
  | { readonly type: 'goodbye' };
