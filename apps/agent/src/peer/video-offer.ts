import { randomInt } from 'node:crypto';
import { extensionUri, type ExtensionIds, type ExtensionName, type VideoStreamParameters } from '@vdi/media';
import { Video } from 'node-datachannel';
import type { Codec } from '../encode/video-source.ts';
import { numberedAttributes, sdpSection } from './sdp-section.ts';

/** Numbers of our offer; the viewer answers with the same ones. */
const payloadTypes: Record<Codec, { readonly media: number; readonly retransmission: number }> = {
  h264: { media: 102, retransmission: 103 },
  vp8: { media: 96, retransmission: 97 },
};
const offeredExtensions: Record<ExtensionName, number> = { playoutDelay: 4, transportSequence: 5, captureTime: 6 };
const clockRate = 90_000;
const h264Format = 'level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f';

export interface VideoOffer {
  readonly section: Video;
  readonly codec: Codec;
  readonly ssrc: number;
  readonly retransmissionSsrc: number;
  readonly cname: string;
}

/** The video section of the agent's offer: one codec, retransmission, feedback, and a media stream of its own. */
export function videoOffer(codec: Codec): VideoOffer {
  const { media, retransmission } = payloadTypes[codec];
  const ssrc = randomInt(1, 2 ** 31);
  const retransmissionSsrc = ssrc + 1;
  const cname = `vdi-${ssrc.toString(36)}`;
  const section = new Video('video', 'SendOnly');
  if (codec === 'h264') section.addH264Codec(media, h264Format);
  else section.addVP8Codec(media);
  section.addRTXCodec(retransmission, media, clockRate);
  for (const feedback of ['transport-cc', 'ccm fir']) section.parseSdpLine(`a=rtcp-fb:${media} ${feedback}`);
  for (const [name, id] of Object.entries(offeredExtensions)) {
    section.parseSdpLine(`a=extmap:${id} ${extensionUri[name as ExtensionName]}`);
  }
  section.parseSdpLine(`a=ssrc-group:FID ${ssrc} ${retransmissionSsrc}`);
  section.addSSRC(ssrc, cname, 'desktop', 'desktop-video');
  section.addSSRC(retransmissionSsrc, cname);
  return { section, codec, ssrc, retransmissionSsrc, cname };
}

/**
 * What the viewer's answer left of our offer.
 * @throws RangeError when it refused the video.
 */
export function agreedStream(offer: VideoOffer, answer: string): VideoStreamParameters {
  const section = sdpSection(answer, 'video');
  const { media, retransmission } = payloadTypes[offer.codec];
  const maps = numberedAttributes(section, 'rtpmap');
  if (!maps.has(media) || section[0]?.startsWith('m=video 0 ') === true) {
    throw new RangeError(`The viewer's answer refuses the ${offer.codec} video that its own offer had.`);
  }
  return {
    codec: offer.codec,
    ssrc: offer.ssrc,
    cname: offer.cname,
    payloadType: media,
    ...(maps.has(retransmission)
      ? { retransmission: { ssrc: offer.retransmissionSsrc, payloadType: retransmission } }
      : {}),
    extensions: agreedExtensions(section),
  };
}

function agreedExtensions(section: readonly string[]): ExtensionIds {
  const answered = numberedAttributes(section, 'extmap');
  const agreed: { -readonly [Name in ExtensionName]?: number } = {};
  for (const name of Object.keys(offeredExtensions) as ExtensionName[]) {
    const id = offeredExtensions[name];
    if (answered.get(id)?.startsWith(extensionUri[name]) === true) agreed[name] = id;
  }
  return agreed;
}
