import { expect, it } from 'vitest';
import { parseOptions } from './options.ts';

it('measures everything without arguments', () => {
  expect(parseOptions([])).toEqual({
    parts: ['start', 'stream', 'memory', 'capture'],
    starts: 10,
    samples: 200,
    json: false,
    help: false,
  });
});

it.each([[['stream,start']], [['stream', 'start']], [['stream,', 'start', '--json']]])(
  'takes the parts of %j, each once and in the order of the run',
  (args) => {
    expect(parseOptions(args).parts).toEqual(['start', 'stream']);
  },
);

it('takes numbers', () => {
  expect(parseOptions(['--starts', '20', '--samples=1000'])).toMatchObject({ starts: 20, samples: 1000 });
});

it.each([
  [['--starts', '0'], '--starts is a whole number from 1 to 200, and "0" is not.'],
  [['--starts', '1e2'], '--starts is a whole number from 1 to 200, and "1e2" is not.'],
  [['--samples', '5'], '--samples is a whole number from 10 to 10000, and "5" is not.'],
  [['--samples='], '--samples is a whole number from 10 to 10000, and "" is not.'],
  [['streams'], 'There is no part "streams". Choose from start, stream, memory, capture.'],
  [['--start', '3'], "Unknown option '--start'. See --help."],
  [['--json=yes'], "Option '--json' does not take an argument. See --help."],
])('refuses %j', (args, message) => {
  expect(() => parseOptions(args)).toThrow(expect.objectContaining({ name: 'OptionsError', message }));
});
