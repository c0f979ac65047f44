import { Type, type Static } from 'typebox';
import { ClipboardPolicy } from './clipboard.ts';

/**
 * Signalling between viewer and agent: JSON text frames over the WebSocket `/ws`, subprotocol `vdi.v1`.
 *
 *     viewer ── hello (what it can decode, how large it is) ──▶ agent
 *     viewer ◀── welcome (who it is here, the screen) ── agent
 *     viewer ◀── offer ── agent;  answer ──▶;  candidates both ways
 *     viewer ◀── closing (why, and whether to come back) ── agent
 *
 * The agent makes the WebRTC offer. `hello.sdp` is an offer that the viewer made and threw away: it tells what its
 * browser really decodes, which `RTCRtpReceiver.getCapabilities` does not.
 */
export const signalSubprotocol = 'vdi.v1';

const sdpLimit = 65_536;

export const Size = Type.Object({
  /** CSS pixels times the device pixel ratio, so: pixels of the remote screen. */
  width: Type.Integer({ minimum: 1, maximum: 16_384 }),
  height: Type.Integer({ minimum: 1, maximum: 16_384 }),
});
export type Size = Static<typeof Size>;

export const Role = Type.Union([Type.Literal('owner'), Type.Literal('control'), Type.Literal('view')]);
export type Role = Static<typeof Role>;

export const IceServer = Type.Object({
  urls: Type.Array(Type.String({ maxLength: 512 }), { maxItems: 8 }),
  username: Type.Optional(Type.String({ maxLength: 256 })),
  credential: Type.Optional(Type.String({ maxLength: 256 })),
});
export type IceServer = Static<typeof IceServer>;

const Answer = Type.Object({ type: Type.Literal('answer'), sdp: Type.String({ maxLength: sdpLimit }) });
const Offer = Type.Object({ type: Type.Literal('offer'), sdp: Type.String({ maxLength: sdpLimit }) });
const Candidate = Type.Object({
  type: Type.Literal('candidate'),
  candidate: Type.String({ maxLength: 1024 }),
  mid: Type.String({ maxLength: 32 }),
});

const Hello = Type.Object({
  type: Type.Literal('hello'),
  /** The offer that the viewer made and threw away; its codecs and formats are what it decodes. */
  sdp: Type.String({ maxLength: sdpLimit }),
  viewport: Size,
  /** The viewer this connection continues after a broken network, so that its place is not counted twice. */
  resume: Type.Optional(Type.String({ maxLength: 64 })),
});

export const ViewerSignal = Type.Union([Hello, Answer, Candidate]);
export type ViewerSignal = Static<typeof ViewerSignal>;

export const ClosingCode = Type.Union([
  Type.Literal('ticket-expired'),
  Type.Literal('session-ending'),
  Type.Literal('replaced'),
  Type.Literal('no-common-codec'),
  Type.Literal('too-many-viewers'),
  Type.Literal('encoder-failed'),
  Type.Literal('bad-message'),
]);
export type ClosingCode = Static<typeof ClosingCode>;

const Welcome = Type.Object({
  type: Type.Literal('welcome'),
  viewer: Type.String(),
  role: Role,
  /** What people call this desktop; shown as the title. */
  session: Type.Optional(Type.String({ maxLength: 256 })),
  screen: Size,
  iceServers: Type.Array(IceServer),
  /** Launchers that may be shown in the menu, in order. */
  applications: Type.Array(Type.Object({ name: Type.String(), icon: Type.Optional(Type.String()) })),
  /** Which way the clipboard may go; the agent enforces it, the viewer only offers nothing that would be refused. Absent: both. */
  clipboard: Type.Optional(ClipboardPolicy),
});
const Closing = Type.Object({
  type: Type.Literal('closing'),
  code: ClosingCode,
  message: Type.String(),
  /** Whether connecting again can help. */
  retry: Type.Boolean(),
});
/** The desktop will stop at `at` (RFC 3339): people get the chance to save. */
const Warning = Type.Object({
  type: Type.Literal('warning'),
  reason: Type.Union([Type.Literal('suspending'), Type.Literal('expiring'), Type.Literal('maintenance')]),
  at: Type.String(),
  message: Type.String(),
});

export const AgentSignal = Type.Union([Welcome, Offer, Candidate, Closing, Warning]);
export type AgentSignal = Static<typeof AgentSignal>;
