import type { PixelFormat } from '../capture/picture.ts';
import type { RateMode } from './rate-mode.ts';
import type { Codec } from './video-source.ts';

/** Which encoders may be used: all, hardware by NVIDIA only (and software when there is none), or software only. */
export type EncoderChoice = 'auto' | 'nvenc' | 'software';

/** One way to encode: a GStreamer element with the properties that make it answer every frame at once. */
export interface EncoderCandidate {
  readonly element: string;
  readonly codec: Codec;
  readonly kind: 'nvidia' | 'vaapi' | 'software';
  readonly format: PixelFormat;
  /** The modes that it has, the preferred one first. */
  readonly modes: readonly [RateMode, ...RateMode[]];
  /** The part of the pipeline from raw video to the encoded stream; the encoder is called `encoder`. */
  describe(mode: RateMode): string;
  /** The element's property for the bit rate and its unit, in bits per second. */
  readonly bitrate: { readonly property: string; readonly unit: number };
}

const h264Caps = 'video/x-h264,profile=constrained-baseline,stream-format=byte-stream,alignment=au';
/** No keyframe but those asked for: a frame that is many times larger than its neighbours is a pause for the viewer. */
const never = 2_147_483_647;

/**
 * Constant quantizer costs 1 ms a frame at 720p, quality with a ceiling on the rate 2 ms. The ceiling leaves room for a
 * fifth of a second, so that a change of the whole screen does not drown in its own bits.
 */
const x264Quality: Readonly<Record<RateMode, string>> = {
  sharp: 'pass=quant quantizer=20',
  bounded: 'pass=qual quantizer=20 vbv-buf-capacity=200',
};

/** Names as in GStreamer 1.22 to 1.26. */
const candidates: readonly EncoderCandidate[] = [
  ...['nvautogpuh264enc', 'nvh264enc'].map((element): EncoderCandidate => ({
    element,
    codec: 'h264',
    kind: 'nvidia',
    format: 'NV12',
    modes: ['bounded'],
    describe: () =>
      `${element} name=encoder preset=p1 tune=ultra-low-latency rc-mode=cbr gop-size=-1 strict-gop=true zerolatency=true bframes=0 aud=false cabac=false repeat-sequence-header=true ! ${h264Caps}`,
    bitrate: { property: 'bitrate', unit: 1000 },
  })),
  {
    element: 'vah264enc',
    codec: 'h264',
    kind: 'vaapi',
    format: 'NV12',
    modes: ['bounded'],
    describe: () =>
      `vah264enc name=encoder aud=false b-frames=0 ref-frames=1 dct8x8=false cabac=false key-int-max=1024 rate-control=cbr target-usage=6 ! ${h264Caps}`,
    bitrate: { property: 'bitrate', unit: 1000 },
  },
  {
    element: 'x264enc',
    codec: 'h264',
    kind: 'software',
    format: 'I420',
    modes: ['sharp', 'bounded'],
    describe: (mode) =>
      `x264enc name=encoder tune=zerolatency speed-preset=ultrafast sliced-threads=true threads=2 byte-stream=true aud=false bframes=0 key-int-max=${never} ${x264Quality[mode]} ! ${h264Caps}`,
    bitrate: { property: 'bitrate', unit: 1000 },
  },
  {
    // Its mode for screens takes twice the time and does not keep to a bit rate.
    element: 'openh264enc',
    codec: 'h264',
    kind: 'software',
    format: 'I420',
    modes: ['bounded'],
    describe: () =>
      `openh264enc name=encoder usage-type=camera complexity=low rate-control=bitrate adaptive-quantization=false background-detection=false scene-change-detection=false enable-frame-skip=false gop-size=${never} multi-thread=2 ! ${h264Caps}`,
    bitrate: { property: 'bitrate', unit: 1 },
  },
  {
    element: 'vp8enc',
    codec: 'vp8',
    kind: 'software',
    format: 'I420',
    modes: ['bounded'],
    describe: () =>
      `vp8enc name=encoder deadline=1 cpu-used=-16 threads=2 end-usage=cbr keyframe-mode=disabled lag-in-frames=0 min-quantizer=4 max-quantizer=63 static-threshold=0 undershoot=100 overshoot=50 buffer-size=300 buffer-initial-size=150 buffer-optimal-size=200`,
    bitrate: { property: 'target-bitrate', unit: 1 },
  },
];

/** Candidates for `codec` that `choice` allows, best first. */
export function encoderCandidates(codec: Codec, choice: EncoderChoice): readonly EncoderCandidate[] {
  return candidates.filter((candidate) => candidate.codec === codec && allowedKinds[choice].includes(candidate.kind));
}

const allowedKinds: Readonly<Record<EncoderChoice, readonly EncoderCandidate['kind'][]>> = {
  auto: ['nvidia', 'vaapi', 'software'],
  nvenc: ['nvidia', 'software'],
  software: ['software'],
};
