import type { Codec } from '../encode/video-source.ts';
import { numberedAttributes, sdpSection } from './sdp-section.ts';

/**
 * The codec that this viewer really decodes, from the offer it made and threw away: `getCapabilities` names codecs that
 * no decoder stands behind. H.264 in constrained baseline with packetization-mode 1 first, because hardware decodes it;
 * VP8 otherwise. `undefined`: neither, or none that `available` can encode.
 */
export function chooseCodec(viewerOffer: string, available: readonly Codec[]): Codec | undefined {
  const section = sdpSection(viewerOffer, 'video');
  const formats = numberedAttributes(section, 'fmtp');
  const decodes = (codec: Codec): boolean =>
    [...numberedAttributes(section, 'rtpmap')].some(([payloadType, map]) =>
      codec === 'vp8' ? /^VP8\/90000$/i.test(map) : isUsableH264(map, formats.get(payloadType) ?? ''),
    );
  return available.find(decodes);
}

/** RFC 6184 §8.1: constrained baseline is profile_idc 0x42 with constraint_set1 set; absent means plain baseline. */
function isUsableH264(map: string, format: string): boolean {
  if (!/^H264\/90000$/i.test(map) || !/(?:^|;)\s*packetization-mode=1(?:;|$)/.test(format)) return false;
  const { profile, constraints } =
    /profile-level-id=(?<profile>[0-9a-f]{2})(?<constraints>[0-9a-f]{2})/i.exec(format)?.groups ?? {};
  return profile?.toLowerCase() === '42' && (Number.parseInt(constraints ?? '0', 16) & 0x40) !== 0;
}
