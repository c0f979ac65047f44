import koffi from 'koffi';
import type { Size } from '@vdi/protocol';
import type { GStreamer } from '../native/gstreamer.ts';
import { isKeyframe, nalPps, nalSps, nalTypes } from './bitstream.ts';
import type { EncoderCandidate } from './encoder-candidate.ts';
import { startEncoderPipeline } from './encoder-pipeline.ts';

/** What became of one candidate; kept for the status page, which is where people look when a GPU is not used. */
export interface EncoderProbe {
  readonly element: string;
  readonly isUsable: boolean;
  /** Why it is not usable. */
  readonly reason?: string;
}

export interface ProbeResult {
  /** The first candidate that encoded a frame. */
  readonly chosen: EncoderCandidate | undefined;
  /** In the order in which they were tried; those after the chosen one were not. */
  readonly probes: readonly EncoderProbe[];
}

const testSize: Size = { width: 640, height: 360 };
const testBitsPerSecond = 4_000_000;

/**
 * Tries candidates until one really encodes. A plug-in that is installed may still lack its device, its driver or a free
 * encoder session, and says so at the earliest with the first frame.
 */
export async function probeEncoders(
  gstreamer: GStreamer,
  candidates: readonly EncoderCandidate[],
): Promise<ProbeResult> {
  const probes: EncoderProbe[] = [];
  for (const candidate of candidates) {
    const reason = await reasonAgainst(gstreamer, candidate);
    probes.push({
      element: candidate.element,
      isUsable: reason === undefined,
      ...(reason === undefined ? {} : { reason }),
    });
    if (reason === undefined) return { chosen: candidate, probes };
  }
  return { chosen: undefined, probes };
}

async function reasonAgainst(gstreamer: GStreamer, candidate: EncoderCandidate): Promise<string | undefined> {
  if (!gstreamer.has(candidate.element)) return 'not installed, or its library found no device';
  const bytes = (testSize.width * testSize.height * 3) / 2;
  const picture: unknown = koffi.alloc('uint8_t', bytes);
  try {
    await using pipeline = await startEncoderPipeline(
      gstreamer,
      { candidate, size: testSize, mode: candidate.modes[0] },
      testBitsPerSecond,
    );
    const frame = await pipeline.encode(koffi.address(picture), bytes);
    return reasonAgainstFrame(candidate, frame);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    koffi.free(picture);
  }
}

function reasonAgainstFrame({ codec }: EncoderCandidate, frame: Buffer): string | undefined {
  if (!isKeyframe(codec, frame)) return 'its first frame is not a keyframe';
  if (codec === 'vp8') return undefined;
  const types = nalTypes(frame);
  return types.includes(nalSps) && types.includes(nalPps) ? undefined : 'its keyframes come without SPS and PPS';
}
