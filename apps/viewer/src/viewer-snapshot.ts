import type { AgentControl, ClipboardContent, ClipboardRefusal, Role, Size } from '@vdi/protocol';
import type { Resolution } from './video/desired-viewport.ts';
import type { CommandKey } from './input/keyboard-state.ts';
import type { StopWarning, Welcome } from './transport/viewer-link.ts';
import type { ViewerPhase } from './transport/viewer-phase.ts';

export interface Person {
  readonly viewer: string;
  readonly user: string;
  readonly role: Role;
  readonly isSelf: boolean;
  readonly isDriving: boolean;
  /** Asked for control and waits. */
  readonly isAsking: boolean;
}

/** All that is to be shown of a connection. Never changed, only replaced. */
export interface ViewerSnapshot {
  readonly phase: ViewerPhase;
  /** A picture has been shown, so that one is still there while the connection is being made again. */
  readonly hasPicture: boolean;
  readonly welcome?: Welcome;
  readonly screen?: Size;
  readonly viewers?: Extract<AgentControl, { type: 'viewers' }>;
  readonly stream?: Extract<AgentControl, { type: 'stream' }>;
  readonly warning?: StopWarning;
  /** What was last copied on the desktop. */
  readonly desktopClipboard?: ClipboardContent;
  /** A clipboard that just did not get through; a new object each time. */
  readonly clipboardRefusal?: ClipboardRefusal;
  /** What became of the last application that was to be started; a new object each time. */
  readonly launched?: Extract<AgentControl, { type: 'launched' }>;
  /** Milliseconds there and back to the agent. */
  readonly roundTripMs?: number;
  readonly resolution: Resolution;
  readonly commandKey: CommandKey;
}

/** Whether this viewer's input has an effect. The agent decides; this only keeps the page from pretending. */
export function mayDrive({ phase, welcome, viewers }: ViewerSnapshot): boolean {
  if (phase.name !== 'streaming' || !welcome || welcome.role === 'view') return false;
  return !viewers || viewers.controller === null || viewers.controller === welcome.viewer;
}

/** Who is here, this viewer first. */
export function people({ welcome, viewers }: ViewerSnapshot): readonly Person[] {
  if (!welcome || !viewers) return [];
  const persons = viewers.viewers.map(({ viewer, user, role }): Person => ({
    viewer,
    user,
    role,
    isSelf: viewer === welcome.viewer,
    isDriving: viewer === viewers.controller,
    isAsking: viewers.requests?.includes(viewer) === true,
  }));
  return [...persons.filter(({ isSelf }) => isSelf), ...persons.filter(({ isSelf }) => !isSelf)];
}
