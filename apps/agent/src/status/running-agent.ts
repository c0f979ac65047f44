import type { Desktop } from '../display/desktop.ts';
import type { VideoSources } from '../peer/video-sources.ts';
import type { Room } from '../signalling/room.ts';

/** The parts of a started agent that status and metrics look at. */
export interface RunningAgent {
  readonly version: string;
  readonly startedAt: Date;
  readonly desktop: Desktop;
  readonly sources: VideoSources;
  readonly room: Room;
}
