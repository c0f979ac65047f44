import type { ClosingCode } from '@vdi/protocol';

/** Why a connection ended or is being made again: the agent's own codes, and what only this side can see. */
export type EndReason =
  | ClosingCode
  /** Signalling broke off, or the machine has no network. */
  | 'network'
  /** Signalling works, but no picture gets through: UDP or TURN is blocked. */
  | 'media-blocked'
  /** The picture's connection broke, or nothing has been heard for too long. */
  | 'media-lost'
  /** The door does not know this browser (401). */
  | 'signed-out'
  /** The door knows this person and says no (403). */
  | 'access-denied'
  /** There is no such session any more (404, 410). */
  | 'session-gone'
  /** The door answers, the desktop behind it does not (502 to 504): it is starting, or suspended. */
  | 'not-running'
  /** This browser has no WebRTC, or it is switched off. */
  | 'unsupported-browser'
  /** The person at this end left. */
  | 'left';
