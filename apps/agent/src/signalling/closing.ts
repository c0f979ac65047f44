import type { AgentSignal } from '@vdi/protocol';

/** Why a viewer's connection ends, as it is told. */
export type Closing = Extract<AgentSignal, { readonly type: 'closing' }>;

const closing = (code: Closing['code'], retry: boolean, message: string): Closing => ({
  type: 'closing',
  code,
  retry,
  message,
});

/** Every way to end, with the words that people read. */
export const closings = {
  ticketExpired: closing('ticket-expired', true, 'Your access was not renewed. Open the desktop again to go on.'),
  sessionEnding: closing('session-ending', true, 'The desktop is stopping. Open it again to resume it.'),
  replaced: closing('replaced', false, 'This desktop was opened again elsewhere, and continues there.'),
  noCommonCodec: closing(
    'no-common-codec',
    false,
    'This browser decodes neither H.264 nor VP8 over WebRTC. Use a current Chromium, Firefox or Safari.',
  ),
  tooManyViewers: closing('too-many-viewers', true, 'As many people as allowed are watching. Try again when one left.'),
  encoderFailed: closing(
    'encoder-failed',
    true,
    'The desktop cannot be encoded as video. Its administrator finds why in /status.',
  ),
  badMessage: closing(
    'bad-message',
    false,
    'The viewer sent something that this desktop does not understand. Reload the page.',
  ),
} as const;
