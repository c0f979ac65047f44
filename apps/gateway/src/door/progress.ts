import type { VDISession } from '@vdi/api';
import { sessionState, type Stage, stagesOf } from './session-state.ts';

/** What the progress page shows, and one event of its stream. */
export interface Progress {
  readonly title: string;
  readonly message: string;
  readonly whatToDo: string;
  readonly stages: readonly Stage[];
  /** `reload`: there is something else at this address now, the desktop or a page that says why there is none. */
  readonly next: 'wait' | 'reload';
}

/** @param session `undefined` when there is none any more */
export function progressOf(session: VDISession | undefined): Progress {
  const state = session === undefined ? undefined : sessionState(session);
  const isOnItsWay = state?.kind === 'starting' || state?.kind === 'suspended';
  return {
    title: 'The desktop is starting',
    message: state?.kind === 'starting' ? state.message : '',
    whatToDo: 'This page goes on by itself as soon as it runs.',
    stages: session === undefined ? [] : stagesOf(session),
    next: isOnItsWay ? 'wait' : 'reload',
  };
}
