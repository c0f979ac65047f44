import type { HeaderExtension } from './rtp-packet.ts';

/** URIs of the header extensions that this sender writes, for `a=extmap`. */
export const extensionUri = {
  /** draft-holmer-rmcat-transport-wide-cc-extensions-01 */
  transportSequence: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  /** https://webrtc.googlesource.com/src/+/main/docs/native-code/rtp-hdrext/playout-delay */
  playoutDelay: 'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  /** https://webrtc.googlesource.com/src/+/main/docs/native-code/rtp-hdrext/abs-capture-time */
  captureTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
} as const;

export type ExtensionName = keyof typeof extensionUri;
/** What the peers agreed on: the id of each extension, absent where the other side does not know it. */
export type ExtensionIds = { readonly [Name in ExtensionName]?: number };

export function transportSequenceExtension(id: number, sequence: number): HeaderExtension {
  return { id, data: Uint8Array.of(sequence >> 8, sequence & 0xff) };
}

/** Minimum and maximum delay zero: the receiver shows a frame as soon as it is whole. Worth 20–25 ms in Chromium. */
export function noPlayoutDelayExtension(id: number): HeaderExtension {
  return { id, data: Uint8Array.of(0, 0, 0) };
}

/** `unixMilliseconds` as a 64-bit NTP timestamp (32.32 fixed point, epoch 1900). */
export function captureTimeExtension(id: number, unixMilliseconds: number): HeaderExtension {
  const data = new Uint8Array(8);
  const view = new DataView(data.buffer);
  const ntp = ntpTimestamp(unixMilliseconds);
  view.setUint32(0, ntp.seconds);
  view.setUint32(4, ntp.fraction);
  return { id, data };
}

const secondsFrom1900To1970 = 2_208_988_800;

export function ntpTimestamp(unixMilliseconds: number): { readonly seconds: number; readonly fraction: number } {
  const seconds = Math.floor(unixMilliseconds / 1000);
  const fraction = Math.floor(((unixMilliseconds - seconds * 1000) / 1000) * 2 ** 32);
  return { seconds: (seconds + secondsFrom1900To1970) >>> 0, fraction: fraction >>> 0 };
}
