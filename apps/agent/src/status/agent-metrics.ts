import { type MetricFamily, renderMetrics } from './metrics-text.ts';
import type { RunningAgent } from './running-agent.ts';

/** `GET /metrics`: what a dashboard needs to see whether people have a good picture. */
export function agentMetrics({ version, desktop, sources, room }: RunningAgent): string {
  const streams = sources.broadcasts.map(({ source }) => ({
    labels: { codec: source.codec, encoder: source.encoder },
    frames: source.framesEncoded,
  }));
  const peers = room.viewers.flatMap(({ id, role, peer }) => {
    const statistics = peer?.statistics;
    return statistics === undefined ? [] : [{ labels: { viewer: id, role, codec: statistics.codec }, statistics }];
  });
  const perPeer = (
    name: string,
    type: MetricFamily['type'],
    help: string,
    value: (peer: (typeof peers)[number]['statistics']) => number | undefined,
  ): MetricFamily => ({
    name,
    type,
    help,
    samples: peers.flatMap(({ labels, statistics }) => {
      const measured = value(statistics);
      return measured === undefined ? [] : [{ labels, value: measured }];
    }),
  });
  const families: MetricFamily[] = [
    {
      name: 'vdi_agent_info',
      type: 'gauge',
      help: 'Version of the agent.',
      samples: [{ labels: { version }, value: 1 }],
    },
    {
      name: 'vdi_agent_windows',
      type: 'gauge',
      help: 'Mapped top-level windows.',
      samples: [{ value: desktop.windows }],
    },
    {
      name: 'vdi_agent_screen_pixels',
      type: 'gauge',
      help: 'Pixels of the screen.',
      samples: [{ value: desktop.screen.width * desktop.screen.height }],
    },
    {
      name: 'vdi_agent_viewers',
      type: 'gauge',
      help: 'Viewers that are here.',
      samples: [{ value: room.viewers.length }],
    },
    {
      name: 'vdi_agent_frames_encoded_total',
      type: 'counter',
      help: 'Frames that an encoder made.',
      samples: streams.map(({ labels, frames }) => ({ labels, value: frames })),
    },
    perPeer('vdi_agent_frames_sent_total', 'counter', 'Frames sent to a viewer.', ({ framesSent }) => framesSent),
    perPeer(
      'vdi_agent_frames_dropped_total',
      'counter',
      'Frames not sent because the path was too slow.',
      ({ framesDropped }) => framesDropped,
    ),
    perPeer('vdi_agent_bytes_sent_total', 'counter', 'Bytes of RTP sent to a viewer.', ({ bytesSent }) => bytesSent),
    perPeer(
      'vdi_agent_packets_sent_total',
      'counter',
      'RTP packets sent to a viewer.',
      ({ packetsSent }) => packetsSent,
    ),
    perPeer(
      'vdi_agent_packets_resent_total',
      'counter',
      'RTP packets sent again on request.',
      ({ packetsResent }) => packetsResent,
    ),
    perPeer(
      'vdi_agent_keyframe_requests_total',
      'counter',
      'Keyframes that a viewer needed.',
      ({ keyframesRequested }) => keyframesRequested,
    ),
    perPeer('vdi_agent_round_trip_seconds', 'gauge', 'Round trip to a viewer.', ({ roundTripMs }) =>
      roundTripMs === undefined ? undefined : roundTripMs / 1000,
    ),
    perPeer(
      'vdi_agent_loss_ratio',
      'gauge',
      'Share of packets lost on the way to a viewer.',
      ({ lossFraction }) => lossFraction,
    ),
    perPeer(
      'vdi_agent_path_bits_per_second',
      'gauge',
      'What the path to a viewer carries.',
      ({ targetBitsPerSecond }) => targetBitsPerSecond,
    ),
  ];
  return renderMetrics(families);
}
