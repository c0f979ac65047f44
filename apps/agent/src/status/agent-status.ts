import type { AgentStatus } from '@vdi/protocol';
import type { RunningAgent } from './running-agent.ts';

/** What the operator reads: `GET /status`. */
export function agentStatus({ version, startedAt, desktop, sources, room }: RunningAgent): AgentStatus {
  const [broadcast] = sources.broadcasts;
  const { firstFrameAt, error } = sources;
  const windowsReadyAt = desktop.windowsReadyAt?.toISOString();
  const lastInputAt = desktop.lastInputAt?.toISOString();
  return {
    version,
    startedAt: startedAt.toISOString(),
    display: { ready: true, readyAt: desktop.readyAt.toISOString(), screen: { ...desktop.screen } },
    desktop: {
      ready: desktop.windows > 0,
      windows: desktop.windows,
      ...(windowsReadyAt === undefined ? {} : { readyAt: windowsReadyAt }),
    },
    stream: {
      framesEncoded: sources.broadcasts.reduce((sum, { source }) => sum + source.framesEncoded, 0),
      ...(broadcast === undefined ? {} : { encoder: broadcast.source.encoder, codec: broadcast.source.codec }),
      ...(firstFrameAt === undefined ? {} : { firstFrameAt: firstFrameAt.toISOString() }),
      ...(error === undefined ? {} : { error }),
    },
    viewers: room.viewers.map(({ id, user, role, connectedAt }) => ({
      viewer: id,
      user,
      role,
      connectedAt: connectedAt.toISOString(),
    })),
    ...(lastInputAt === undefined ? {} : { lastInputAt }),
  };
}
