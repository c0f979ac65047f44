import { Type, type Static } from 'typebox';
import { ClipboardPiece, ClipboardRefusal } from './clipboard.ts';
import { Role, Size } from './signal.ts';

/**
 * Messages of the data channel `control`: reliable, ordered, JSON text. What must arrive, and in order, goes here;
 * pointer motion goes over the lossy channel `motion` (see motion.ts). Button and wheel carry the position, so that a
 * lost motion never puts a click in the wrong place.
 */
export const controlChannel = 'control';

const coordinate = Type.Integer({ minimum: 0, maximum: 16_383 });

/** `code` is the physical key (UI Events `KeyboardEvent.code`), `key` what the viewer's layout makes of it. */
const Key = Type.Object({
  type: Type.Literal('key'),
  code: Type.String({ maxLength: 32 }),
  key: Type.String({ maxLength: 32 }),
  down: Type.Boolean(),
});
/** Composed text (input methods, mobile keyboards, paste as typing), typed at once. */
const Text = Type.Object({ type: Type.Literal('text'), text: Type.String({ maxLength: 4096 }) });
/** Heartbeat, once a second while keys are down: codes that the viewer still holds. Others are released. */
const Held = Type.Object({
  type: Type.Literal('held'),
  codes: Type.Array(Type.String({ maxLength: 32 }), { maxItems: 32 }),
});
/** `button` as in `MouseEvent.button`: 0 left, 1 middle, 2 right, 3 back, 4 forward. */
const Button = Type.Object({
  type: Type.Literal('button'),
  button: Type.Integer({ minimum: 0, maximum: 4 }),
  down: Type.Boolean(),
  x: coordinate,
  y: coordinate,
});
/** Wheel movement in pixels; the agent gathers them into notches. */
const Wheel = Type.Object({
  type: Type.Literal('wheel'),
  dx: Type.Number({ minimum: -10_000, maximum: 10_000 }),
  dy: Type.Number({ minimum: -10_000, maximum: 10_000 }),
  x: coordinate,
  y: coordinate,
});
const Resize = Type.Object({ type: Type.Literal('resize'), viewport: Size });
/** Releases every key and button: sent when the page loses focus. */
const ReleaseAll = Type.Object({ type: Type.Literal('release-all') });
const RequestKeyframe = Type.Object({ type: Type.Literal('request-keyframe') });
const ControlRequest = Type.Object({
  type: Type.Literal('control'),
  action: Type.Union([Type.Literal('request'), Type.Literal('take'), Type.Literal('release'), Type.Literal('give')]),
  /** With `give`: the viewer that gets it. */
  to: Type.Optional(Type.String({ maxLength: 64 })),
});
const Ping = Type.Object({ type: Type.Literal('ping'), sentAt: Type.Number() });
const Launch = Type.Object({ type: Type.Literal('launch'), application: Type.String({ maxLength: 64 }) });

export const ViewerControl = Type.Union([
  Key,
  Text,
  Held,
  Button,
  Wheel,
  Resize,
  ReleaseAll,
  RequestKeyframe,
  ControlRequest,
  Ping,
  Launch,
  ClipboardPiece,
]);
export type ViewerControl = Static<typeof ViewerControl>;

/** The pointer's picture; `png` is base64, absent where an earlier message with the same `serial` carried it. */
const Cursor = Type.Object({
  type: Type.Literal('cursor'),
  serial: Type.Integer(),
  visible: Type.Boolean(),
  hotspot: Type.Object({ x: Type.Integer(), y: Type.Integer() }),
  png: Type.Optional(Type.String()),
});
const Screen = Type.Object({ type: Type.Literal('screen'), screen: Size });
/** Who is here and who drives. */
const Viewers = Type.Object({
  type: Type.Literal('viewers'),
  controller: Type.Union([Type.String(), Type.Null()]),
  viewers: Type.Array(Type.Object({ viewer: Type.String(), user: Type.String(), role: Role })),
  /** Viewers that asked for control and wait for an answer, longest first. */
  requests: Type.Optional(Type.Array(Type.String())),
});
/** What makes the picture; sent when the channel opens and whenever the encoder changes. */
const Stream = Type.Object({
  type: Type.Literal('stream'),
  /** GStreamer's element name. */
  encoder: Type.String(),
  codec: Type.String(),
});
/** What became of a `launch`. `started`: handed to the desktop, which runs it. */
const Launched = Type.Object({
  type: Type.Literal('launched'),
  application: Type.String({ maxLength: 64 }),
  outcome: Type.Union([Type.Literal('started'), Type.Literal('no-launcher'), Type.Literal('failed')]),
});
const Pong = Type.Object({ type: Type.Literal('pong'), sentAt: Type.Number(), agentAt: Type.Number() });

export const AgentControl = Type.Union([
  Cursor,
  Screen,
  Viewers,
  Stream,
  Launched,
  Pong,
  ClipboardPiece,
  ClipboardRefusal,
]);
export type AgentControl = Static<typeof AgentControl>;
