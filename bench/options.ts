import { parseArgs } from 'node:util';

/** What can be measured, in the order in which it is. */
const benchParts = ['start', 'stream', 'memory', 'capture'] as const;
export type BenchPart = (typeof benchParts)[number];

export interface BenchOptions {
  readonly parts: readonly BenchPart[];
  /** Desktops that are started one after the other. */
  readonly starts: number;
  /** Changes of the screen whose way to the browser is timed. */
  readonly samples: number;
  /** Print all that was measured as one last line of JSON. */
  readonly json: boolean;
  readonly help: boolean;
}

/** Options that make no sense; the message says what to do. */
export class OptionsError extends Error {
  override readonly name = 'OptionsError';
}

export const usage = `Usage: npm run bench -- [parts] [options]     or: make bench ARGS='[parts] [options]'

Parts, separated by commas or spaces; all without any:
  start     from the press of Launch to the first picture in the browser
  stream    from a change of the screen to the picture in the browser, frame rate, CPU
  memory    of the agent, the X server and the control plane
  capture   from a change of the screen to the encoded frame, beside a capture that polls

Options:
  --starts N    desktops to start, 1 to 200 (10 without it)
  --samples N   changes to time, 10 to 10000 (200 without it)
  --json        the last line is all that was measured, as JSON
  --help        this text
`;

/** @throws OptionsError */
export function parseOptions(args: readonly string[]): BenchOptions {
  const { values, positionals } = parsed(args);
  return {
    parts: partsOf(positionals),
    starts: wholeNumber('--starts', values.starts, { least: 1, most: 200 }),
    samples: wholeNumber('--samples', values.samples, { least: 10, most: 10_000 }),
    json: values.json,
    help: values.help,
  };
}

function parsed(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        starts: { type: 'string', default: '10' },
        samples: { type: 'string', default: '200' },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    const reason = cause instanceof Error ? (cause.message.split('. ', 1)[0] ?? '') : String(cause);
    throw new OptionsError(`${reason}. See --help.`, { cause });
  }
}

function partsOf(positionals: readonly string[]): readonly BenchPart[] {
  const asked = positionals.flatMap((positional) => positional.split(',')).filter((part) => part !== '');
  const unknown = asked.find((part) => !benchParts.some((known) => known === part));
  if (unknown !== undefined)
    throw new OptionsError(`There is no part "${unknown}". Choose from ${benchParts.join(', ')}.`);
  return asked.length === 0 ? benchParts : benchParts.filter((part) => asked.includes(part));
}

function wholeNumber(
  option: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= least && value <= most) return value;
  throw new OptionsError(`${option} is a whole number from ${least} to ${most}, and "${text}" is not.`);
}
