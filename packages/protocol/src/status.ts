import { Type, type Static } from 'typebox';
import { Role, Size } from './signal.ts';

const Instant = Type.String({ description: 'RFC 3339, UTC, with milliseconds' });

/** The body of the agent's `GET /status`, read by the operator with the bearer token of the session's Secret. */
export const AgentStatus = Type.Object({
  version: Type.String(),
  startedAt: Instant,
  display: Type.Object({ ready: Type.Boolean(), readyAt: Type.Optional(Instant), screen: Type.Optional(Size) }),
  /** Ready: a top-level window is mapped. */
  desktop: Type.Object({ ready: Type.Boolean(), readyAt: Type.Optional(Instant), windows: Type.Integer() }),
  stream: Type.Object({
    /** GStreamer's element name; absent until one was probed. */
    encoder: Type.Optional(Type.String()),
    codec: Type.Optional(Type.String()),
    /** When the first frame was handed to a connected viewer. */
    firstFrameAt: Type.Optional(Instant),
    framesEncoded: Type.Integer(),
    /** Why there is no encoder, when there is none. */
    error: Type.Optional(Type.String()),
  }),
  viewers: Type.Array(Type.Object({ viewer: Type.String(), user: Type.String(), role: Role, connectedAt: Instant })),
  /** Last key, button, wheel or motion of a viewer; what idle time is counted from. */
  lastInputAt: Type.Optional(Instant),
});
export type AgentStatus = Static<typeof AgentStatus>;
