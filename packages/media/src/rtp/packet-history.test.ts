import { expect, it } from 'vitest';
import { PacketHistory, type SentMedia } from './packet-history.ts';

const aPacket = (sequence: number): SentMedia => ({
  sequence: sequence & 0xffff,
  timestamp: sequence,
  marker: false,
  payload: new Uint8Array(1),
  extensions: [],
});

it('has the last 2,048 packets and none before, across the wrap', () => {
  const history = new PacketHistory();
  const last = 0x1_0000 + 100;
  for (let sequence = 60_000; sequence <= last; sequence += 1) history.add(aPacket(sequence));
  expect(history.takeForResend(last & 0xffff, 0, 10)?.timestamp).toBe(last);
  expect(history.takeForResend((last - 2047) & 0xffff, 0, 10)?.timestamp).toBe(last - 2047);
  expect(history.takeForResend((last - 2048) & 0xffff, 0, 10)).toBeUndefined();
  expect(history.takeForResend((last + 1) & 0xffff, 0, 10)).toBeUndefined();
});

it('gives a packet again only after the quiet time', () => {
  const history = new PacketHistory();
  history.add(aPacket(7));
  expect(history.takeForResend(7, 1000, 30)).toBeDefined();
  expect(history.takeForResend(7, 1029, 30)).toBeUndefined();
  expect(history.takeForResend(7, 1030, 30)).toBeDefined();
});
