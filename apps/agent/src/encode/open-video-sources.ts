import type { Logger } from '@vdi/telemetry';
import type { ScreenCapture } from '../capture/screen-capture.ts';
import type { Clock } from '../clock.ts';
import { loadGStreamer } from '../native/gstreamer.ts';
import { encoderCandidates, type EncoderChoice } from './encoder-candidate.ts';
import { EncoderError } from './encoder-pipeline.ts';
import { openVideoSource } from './open-video-source.ts';
import { probeEncoders, type EncoderProbe } from './probe-encoders.ts';
import type { Codec, VideoSource } from './video-source.ts';

/** The streams of one screen: at most one per codec, made when first asked for. */
export interface VideoSources extends AsyncDisposable {
  readonly probes: readonly EncoderProbe[];
  /** @throws EncoderError when no encoder works, with the reason of each */
  open(codec: Codec): Promise<VideoSource>;
}

export function openVideoSources(options: {
  readonly capture: ScreenCapture;
  readonly choice: EncoderChoice;
  readonly clock: Clock;
  readonly log: Logger;
}): VideoSources {
  const { capture, choice, clock, log } = options;
  const sources = new Map<Codec, Promise<VideoSource>>();
  const probes = new Map<Codec, readonly EncoderProbe[]>();

  const find = async (codec: Codec): Promise<VideoSource> => {
    const gstreamer = await loadGStreamer();
    const candidates = encoderCandidates(codec, choice);
    const result = await probeEncoders(gstreamer, candidates);
    probes.set(codec, result.probes);
    const { chosen } = result;
    if (!chosen) throw new EncoderError(`No encoder for ${codec} works here. ${describe(result.probes)}`);
    log.info({ codec, encoder: chosen.element, probes: result.probes }, 'Chose the encoder');
    const spare = candidates.slice(candidates.indexOf(chosen) + 1);
    return openVideoSource({ codec, gstreamer, capture, candidates: [chosen, ...spare], clock, log });
  };

  const open = (codec: Codec): Promise<VideoSource> => {
    const known = sources.get(codec);
    if (known) return known;
    const opening = find(codec);
    sources.set(codec, opening);
    // The next caller may try again: a driver can come later than the first viewer.
    opening.catch(() => sources.delete(codec));
    return opening;
  };

  return {
    get probes() {
      return [...probes.values()].flat();
    },
    open,
    [Symbol.asyncDispose]: async () => {
      const opened = await Promise.allSettled(sources.values());
      for (const result of opened) if (result.status === 'fulfilled') await result.value[Symbol.asyncDispose]();
    },
  };
}

function describe(probes: readonly EncoderProbe[]): string {
  const reasons = probes.map(({ element, reason }) => `${element}: ${reason}`).join('; ');
  return `Tried ${reasons}. Install gstreamer1.0-plugins-ugly (x264), -bad (openh264, NVENC, VA-API) or -good (VP8).`;
}
