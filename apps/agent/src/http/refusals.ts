import { TicketError } from '@vdi/identity';
import { type Answer, textAnswer } from './answer.ts';

/** Every refusal: what happened, why, and what to do. */
export const refusals = {
  noTicket: textAnswer(401, 'No valid ticket came with this request. Open the desktop from the dashboard.'),
  spentTicket: textAnswer(401, 'This ticket opened a connection already. Open the desktop from the dashboard again.'),
  otherSession: textAnswer(403, 'This ticket is for another desktop. Open this one from the dashboard.'),
  otherViewer: textAnswer(403, 'This viewer belongs to somebody else.'),
  unknownViewer: textAnswer(404, 'This viewer is not connected any more. Connect again.'),
  noBearer: textAnswer(401, 'This address is for the operator: it needs the bearer token of the session.', {
    'WWW-Authenticate': 'Bearer',
  }),
  notFound: textAnswer(404, 'There is nothing here. The desktop is at /.'),
  notReady: textAnswer(503, 'The display is starting. Try again in a second.', { 'Retry-After': '1' }),
  stopping: textAnswer(503, 'The desktop is stopping. Open it again to resume it.', { 'Retry-After': '5' }),
  tooLarge: textAnswer(413, 'The body of this request is too large.'),
  notJson: textAnswer(415, 'The body must be JSON: send Content-Type: application/json.'),
  noUpgrade: textAnswer(426, 'This address speaks WebSocket with the subprotocol vdi.v1.', { Upgrade: 'websocket' }),
  wrongProtocol: textAnswer(400, 'This viewer does not speak the subprotocol vdi.v1. Reload the page.'),
} as const;

export function badRequest(reason: string): Answer {
  return textAnswer(400, `The request is not one of this desktop: ${reason}`);
}

export function methodNotAllowed(allowed: readonly string[]): Answer {
  return textAnswer(405, `This address answers ${allowed.join(', ')} only.`, { Allow: allowed.join(', ') });
}

/** A foreign session's ticket is real but opens nothing here; anything else is as good as none. */
export function ticketRefusal(error: unknown): Answer {
  if (!(error instanceof TicketError)) throw error;
  return error.refusal === 'other-session' ? refusals.otherSession : refusals.noTicket;
}
