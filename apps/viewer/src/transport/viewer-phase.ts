import type { EndReason } from './end-reason.ts';

/** Where the connection stands; what people are shown for each is in `page/phase-message.ts`. */
export type ViewerPhase =
  | { readonly name: 'connecting' }
  | { readonly name: 'streaming' }
  | {
      readonly name: 'reconnecting';
      readonly reason: EndReason;
      /** Failures in a row. */
      readonly failures: number;
      /** When the next try begins, in milliseconds since the epoch; absent while one is being made. */
      readonly retryAt?: number;
    }
  | {
      readonly name: 'ended';
      readonly reason: EndReason;
      /** The agent's own words, where it gave any. */
      readonly message?: string;
    };
