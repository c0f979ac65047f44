import { Type, type Static } from 'typebox';
import { Role } from './signal.ts';

/** Bodies of the agent's HTTP requests. */

/** `POST /renew` with a fresh ticket: the viewer that goes on. Sent by the viewer every 30 s. */
export const RenewRequest = Type.Object({ viewer: Type.String({ minLength: 1, maxLength: 64 }) });
export type RenewRequest = Static<typeof RenewRequest>;

/** Its answer: what the fresh ticket says. */
export const RenewAnswer = Type.Object({ role: Role, expiresAt: Type.String({ description: 'RFC 3339' }) });
export type RenewAnswer = Static<typeof RenewAnswer>;

/** `POST /warn`, by the operator before a desktop stops: shown to every viewer. */
export const WarnRequest = Type.Object({
  reason: Type.Union([Type.Literal('suspending'), Type.Literal('expiring'), Type.Literal('maintenance')]),
  at: Type.String({ description: 'RFC 3339: when the desktop will stop', maxLength: 40 }),
  message: Type.String({ maxLength: 500 }),
});
export type WarnRequest = Static<typeof WarnRequest>;
