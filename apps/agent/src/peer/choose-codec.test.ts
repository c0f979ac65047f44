import { describe, expect, it } from 'vitest';
import { chooseCodec } from './choose-codec.ts';

const anOffer = (...lines: readonly string[]): string =>
  [
    'v=0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'a=rtpmap:111 opus/48000/2',
    'm=video 9 UDP/TLS/RTP/SAVPF 96 102',
    ...lines,
    '',
  ].join('\r\n');
const vp8 = 'a=rtpmap:96 VP8/90000';
const h264 = (format: string): readonly string[] => ['a=rtpmap:102 H264/90000', `a=fmtp:102 ${format}`];
const baseline = h264('level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f');

describe('the codec', () => {
  it.each<[what: string, offer: string, chosen: string | undefined]>([
    ['is H.264 where the viewer decodes both', anOffer(vp8, ...baseline), 'h264'],
    ['is VP8 where the viewer has no H.264', anOffer(vp8), 'vp8'],
    [
      'is VP8 where H.264 cannot be sent in fragments',
      anOffer(vp8, ...h264('packetization-mode=0;profile-level-id=42e01f')),
      'vp8',
    ],
    [
      'is VP8 where H.264 is of another profile',
      anOffer(vp8, ...h264('packetization-mode=1;profile-level-id=640c1f')),
      'vp8',
    ],
    [
      'is VP8 where H.264 is plain baseline, with tools that decoders lack',
      anOffer(vp8, ...h264('packetization-mode=1;profile-level-id=42001f')),
      'vp8',
    ],
    ['is VP8 where H.264 has no format line', anOffer(vp8, 'a=rtpmap:102 H264/90000'), 'vp8'],
    ['is none where there is no video', 'v=0\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n', undefined],
    ['is none where only other codecs are', anOffer('a=rtpmap:96 AV1/90000'), undefined],
    ['is none for text that is no offer', 'hello', undefined],
  ])('%s', (_, offer, chosen) => {
    expect(chooseCodec(offer, ['h264', 'vp8'])).toBe(chosen);
  });

  it('is one that can be encoded here', () => {
    expect(chooseCodec(anOffer(vp8, ...baseline), ['vp8'])).toBe('vp8');
    expect(chooseCodec(anOffer(...baseline), ['vp8'])).toBeUndefined();
    expect(chooseCodec(anOffer(vp8, ...baseline), [])).toBeUndefined();
  });
});
