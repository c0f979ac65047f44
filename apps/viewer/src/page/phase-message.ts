import type { EndReason } from '../transport/end-reason.ts';
import type { ViewerPhase } from '../transport/viewer-phase.ts';
import type { ViewerSnapshot } from '../viewer-snapshot.ts';

/** What people are told when there is no live picture: what happened, and what they can do. */
export interface PhaseMessage {
  readonly title: string;
  readonly text: string;
  /** What the button does: load the page again (the door then signs in or resumes), or try again now. */
  readonly action?: { readonly kind: 'reload' | 'retry'; readonly label: string };
  readonly isBusy: boolean;
}

/** @returns undefined while the picture is live */
export function phaseMessage({
  phase,
  hasPicture,
}: Pick<ViewerSnapshot, 'phase' | 'hasPicture'>): PhaseMessage | undefined {
  switch (phase.name) {
    case 'streaming':
      return undefined;
    case 'connecting':
      return { title: 'Connecting to your desktop', text: 'The picture appears in a moment.', isBusy: true };
    case 'reconnecting':
      return reconnecting(phase, hasPicture);
    case 'ended':
  }
  return { ...endings[phase.reason], isBusy: false, ...(shouldQuote(phase) && { text: phase.message }) };
}

/** The first failures are nothing to explain: most last for less than a second. */
const failuresBeforeExplaining = 3;

function reconnecting(phase: Extract<ViewerPhase, { name: 'reconnecting' }>, hasPicture: boolean): PhaseMessage {
  const { reason, failures, retryAt } = phase;
  const obstacle = failures < failuresBeforeExplaining ? undefined : obstacles[reason];
  const usual = hasPicture ? 'Your desktop keeps running.' : 'It takes longer than usual.';
  const network = failures < failuresBeforeExplaining ? usual : `${usual} Check the network of this computer.`;
  const action = reason === 'not-running' ? reload('Open again') : ({ kind: 'retry', label: 'Try now' } as const);
  return {
    title: hasPicture ? 'Connection lost' : 'Connecting to your desktop',
    text: `${obstacle ?? network} Trying again.`,
    isBusy: true,
    ...(retryAt !== undefined && { action }),
  };
}

const obstacles: Readonly<Partial<Record<EndReason, string>>> = {
  'media-blocked':
    'The desktop answers, but its picture does not get through. A firewall may block UDP: try another network, or ask your administrator for a TURN server.',
  'no-common-codec': 'This browser cannot decode what the desktop can encode.',
  'encoder-failed': 'The desktop cannot encode its picture at the moment.',
  'too-many-viewers': 'Too many people are watching this desktop.',
  'not-running': 'The desktop does not answer: it may be starting, or suspended. Opening it again starts it.',
};

/** Where the agent explains itself better than a sentence that fits every case. */
function shouldQuote(phase: Extract<ViewerPhase, { name: 'ended' }>): phase is typeof phase & { message: string } {
  return phase.message !== undefined && phase.message !== '' && phase.reason !== 'left';
}

type Ending = Pick<PhaseMessage, 'title' | 'text' | 'action'>;

const reload = (label: string): NonNullable<PhaseMessage['action']> => ({ kind: 'reload', label });

const endings: Readonly<Record<EndReason, Ending>> = {
  'session-ending': {
    title: 'The desktop has stopped',
    text: 'Your files are kept. Open it again to start it.',
    action: reload('Open again'),
  },
  replaced: {
    title: 'Opened elsewhere',
    text: 'You are using this desktop in another window or on another device.',
    action: reload('Use it here'),
  },
  'ticket-expired': {
    title: 'Access has ended',
    text: 'Your right to see this desktop was not renewed. Open it again to check.',
    action: reload('Open again'),
  },
  'no-common-codec': {
    title: 'This browser cannot show the desktop',
    text: 'It decodes neither H.264 nor VP8. A current Chrome, Edge, Firefox or Safari does.',
    action: reload('Try again'),
  },
  'too-many-viewers': {
    title: 'No room',
    text: 'Too many people are watching this desktop. Ask somebody to leave, then try again.',
    action: reload('Try again'),
  },
  'encoder-failed': {
    title: 'No picture',
    text: 'The desktop runs, but cannot encode its picture. Tell your administrator.',
    action: reload('Try again'),
  },
  'bad-message': {
    title: 'Page and desktop do not fit',
    text: 'They are of different versions. Load the page again.',
    action: reload('Load again'),
  },
  network: {
    title: 'No connection',
    text: 'The desktop cannot be reached. Check the network of this computer.',
    action: reload('Try again'),
  },
  'media-blocked': {
    title: 'The picture does not get through',
    text: 'A firewall may block UDP. Try another network, or ask your administrator for a TURN server.',
    action: reload('Try again'),
  },
  'media-lost': {
    title: 'Connection lost',
    text: 'The desktop keeps running. Open it again.',
    action: reload('Open again'),
  },
  'signed-out': {
    title: 'You are signed out',
    text: 'Your desktop keeps running. Sign in to go on where you were.',
    action: reload('Sign in'),
  },
  'access-denied': {
    title: 'Not your desktop',
    text: 'You are signed in, but this desktop is not shared with you any more. Ask its owner.',
    action: reload('Try again'),
  },
  'session-gone': {
    title: 'This desktop is gone',
    text: 'It was deleted. The files in its home are kept; start a new desktop from the dashboard.',
  },
  'not-running': {
    title: 'The desktop is not running',
    text: 'Your files are kept. Open it again to start it.',
    action: reload('Open again'),
  },
  'unsupported-browser': {
    title: 'This browser cannot connect',
    text: 'It has no WebRTC, or it is switched off. Allow it, or use another browser.',
    action: reload('Try again'),
  },
  left: {
    title: 'You have left',
    text: 'The desktop keeps running.',
    action: reload('Come back'),
  },
};
