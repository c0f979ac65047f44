import { type AgentSignal, decodeMessage, ViewerSignal } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import { type Closing, closings } from './closing.ts';
import { MessageBudget } from './message-budget.ts';

export interface SignalEvents {
  readonly signal: (signal: ViewerSignal) => void;
  readonly closed: (how: ChannelEnd) => void;
}

/** `left`: the page went away. `closed`: the page ended it, perhaps to come back at once. `broken`: the network did. */
export type ChannelEnd = 'left' | 'closed' | 'broken';

/** Browsers send a handful of messages per connection; candidates come in bursts. */
const rate = { burst: 100, perSecond: 20 };
const heartbeatMs = 10_000;
/** RFC 6455 §7.4.1, and 1012 of its registry: come back. */
const closeCode = { normal: 1000, goingAway: 1001, policyViolation: 1008, serviceRestart: 1012 } as const;

/** One viewer's signalling WebSocket: checked messages up, messages down, a heartbeat, and an orderly end. */
export class SignalChannel {
  readonly #socket: WebSocket;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #budget = new MessageBudget(rate);
  #isAlive = true;
  #cancelHeartbeat: () => void;

  constructor(
    socket: WebSocket,
    options: { readonly clock: Clock; readonly log: Logger; readonly events: SignalEvents },
  ) {
    this.#socket = socket;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#cancelHeartbeat = options.clock.after(heartbeatMs, () => this.#beat());
    socket.on('message', (data, isBinary) =>
      this.#receive(!isBinary && Buffer.isBuffer(data) ? data.toString('utf8') : undefined, options.events),
    );
    socket.on('pong', () => (this.#isAlive = true));
    socket.on('error', (error) => this.#log.debug({ error: error.message }, 'Signalling socket failed'));
    socket.on('close', (code) => {
      this.#cancelHeartbeat();
      options.events.closed(endOf(code));
    });
  }

  send(signal: AgentSignal): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(signal));
  }

  /** Says why, then closes. */
  close(closing: Closing): void {
    this.send(closing);
    this.#socket.close(closing.code === 'bad-message' ? closeCode.policyViolation : closeCode.normal, closing.code);
  }

  /** Closes without an ending: the page comes back by itself. */
  askToReturn(): void {
    this.#socket.close(closeCode.serviceRestart, 'media ended');
  }

  #receive(text: string | undefined, events: SignalEvents): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (text === undefined || !this.#budget.take(this.#clock.nowMs())) {
      this.#log.warn({}, 'Refused a binary message, or too many');
      this.close(closings.badMessage);
      return;
    }
    let signal: ViewerSignal;
    try {
      signal = decodeMessage(ViewerSignal, text);
    } catch (error) {
      this.#log.warn({ error: String(error) }, 'Refused a signalling message');
      this.close(closings.badMessage);
      return;
    }
    events.signal(signal);
  }

  #beat(): void {
    if (!this.#isAlive) {
      this.#socket.terminate();
      return;
    }
    this.#isAlive = false;
    this.#socket.ping();
    this.#cancelHeartbeat = this.#clock.after(heartbeatMs, () => this.#beat());
  }
}

function endOf(code: number): ChannelEnd {
  if (code === closeCode.goingAway) return 'left';
  return code === closeCode.normal ? 'closed' : 'broken';
}
