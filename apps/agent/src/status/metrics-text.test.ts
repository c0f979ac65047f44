import { expect, it } from 'vitest';
import { renderMetrics } from './metrics-text.ts';

it('writes families with their samples, and none without', () => {
  expect(
    renderMetrics([
      {
        name: 'frames_total',
        type: 'counter',
        help: 'Frames.',
        samples: [{ labels: { codec: 'h264', note: 'a"b\\c\nd' }, value: 3 }],
      },
      { name: 'nothing', type: 'gauge', help: 'Nothing.', samples: [] },
      { name: 'windows', type: 'gauge', help: 'Windows.', samples: [{ value: 2 }] },
    ]),
  ).toBe(
    '# HELP frames_total Frames.\n# TYPE frames_total counter\nframes_total{codec="h264",note="a\\"b\\\\c\\nd"} 3\n' +
      '# HELP windows Windows.\n# TYPE windows gauge\nwindows 2\n',
  );
});
