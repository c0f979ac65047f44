import type { PeerStatistics } from '../peer/peer.ts';
import { type MetricFamily, renderMetrics } from './metrics-text.ts';
import type { RunningAgent } from './running-agent.ts';

/** One value of each viewer; `undefined` while it is not known. */
interface PeerMetric extends Omit<MetricFamily, 'samples'> {
  readonly value: (statistics: PeerStatistics) => number | undefined;
}

const peerMetrics: readonly PeerMetric[] = [
  {
    name: 'vdi_agent_frames_sent_total',
    type: 'counter',
    help: 'Frames sent to a viewer.',
    value: ({ framesSent }) => framesSent,
  },
  {
    name: 'vdi_agent_frames_dropped_total',
    type: 'counter',
    help: 'Frames not sent, because the path was too slow or a keyframe had to come first.',
    value: ({ framesDropped }) => framesDropped,
  },
  {
    name: 'vdi_agent_bytes_sent_total',
    type: 'counter',
    help: 'Bytes of RTP sent to a viewer.',
    value: ({ bytesSent }) => bytesSent,
  },
  {
    name: 'vdi_agent_packets_sent_total',
    type: 'counter',
    help: 'RTP packets sent to a viewer.',
    value: ({ packetsSent }) => packetsSent,
  },
  {
    name: 'vdi_agent_packets_resent_total',
    type: 'counter',
    help: 'RTP packets sent again on request.',
    value: ({ packetsResent }) => packetsResent,
  },
  {
    name: 'vdi_agent_keyframe_requests_total',
    type: 'counter',
    help: 'Keyframes that a viewer needed.',
    value: ({ keyframesRequested }) => keyframesRequested,
  },
  {
    name: 'vdi_agent_round_trip_seconds',
    type: 'gauge',
    help: 'Round trip to a viewer.',
    value: ({ roundTripMs }) => (roundTripMs === undefined ? undefined : roundTripMs / 1000),
  },
  {
    name: 'vdi_agent_loss_ratio',
    type: 'gauge',
    help: 'Share of packets lost on the way to a viewer.',
    value: ({ lossFraction }) => lossFraction,
  },
  {
    name: 'vdi_agent_path_bits_per_second',
    type: 'gauge',
    help: 'What the path to a viewer carries.',
    value: ({ targetBitsPerSecond }) => targetBitsPerSecond,
  },
];

/** `GET /metrics`: what an administrator needs to see whether people have a good picture. */
export function agentMetrics(agent: RunningAgent): string {
  return renderMetrics([...deskFamilies(agent), ...viewerFamilies(agent)]);
}

function deskFamilies({ version, desktop, sources, room }: RunningAgent): MetricFamily[] {
  const { width, height } = desktop.screen;
  const gauge = (name: string, help: string, value: number): MetricFamily => ({
    name,
    type: 'gauge',
    help,
    samples: [{ value }],
  });
  return [
    { name: 'vdi_agent_info', type: 'gauge', help: 'The agent.', samples: [{ labels: { version }, value: 1 }] },
    gauge('vdi_agent_windows', 'Mapped top-level windows.', desktop.windows),
    gauge('vdi_agent_screen_pixels', 'Pixels of the screen.', width * height),
    gauge('vdi_agent_viewers', 'Viewers that are here.', room.viewers.length),
    {
      name: 'vdi_agent_frames_encoded_total',
      type: 'counter',
      help: 'Frames that an encoder made.',
      samples: sources.broadcasts.map(({ source: { codec, encoder, framesEncoded } }) => ({
        labels: { codec, encoder },
        value: framesEncoded,
      })),
    },
  ];
}

function viewerFamilies({ room }: RunningAgent): MetricFamily[] {
  const peers = room.viewers.flatMap(({ id, role, peer }) => {
    const statistics = peer?.statistics;
    return statistics === undefined ? [] : [{ statistics, labels: { viewer: id, role, codec: statistics.codec } }];
  });
  return peerMetrics.map(({ value, ...family }) => ({
    ...family,
    samples: peers.flatMap(({ statistics, labels }) => {
      const measured = value(statistics);
      return measured === undefined ? [] : [{ labels, value: measured }];
    }),
  }));
}
