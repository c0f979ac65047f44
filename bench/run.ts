import { installTestPackages } from '../tools/test-packages.ts';
import { measureEverything } from './measure-everything.ts';
import { OptionsError, parseOptions, usage } from './options.ts';
import { table } from './report/table.ts';

/** `npm run bench`: measures the real product on this machine, and leaves nothing behind, however it ends. */
async function run(args: readonly string[]): Promise<number> {
  const options = parseOptions(args);
  if (options.help) {
    process.stdout.write(usage);
    return 0;
  }
  if (!installTestPackages()) return 1;
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (interruption.signal.aborted) return;
      process.stderr.write('\nStopping: taking down what was started …\n');
      interruption.abort(new Error(`Stopped by ${signal}`));
    });
  }
  const startedAt = performance.now();
  const progress = (text: string): void => {
    process.stderr.write(`[${((performance.now() - startedAt) / 1000).toFixed(0).padStart(4)} s] ${text}\n`);
  };
  try {
    const numbers = await measureEverything(options, { progress, signal: interruption.signal });
    process.stdout.write(`${table(numbers)}\n`);
    if (options.json) process.stdout.write(`${JSON.stringify(numbers)}\n`);
    return 0;
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    process.stderr.write(`${String(interruption.signal.reason.message)}; nothing is left running.\n`);
    return 130;
  }
}

/** What went wrong first: taking things down after it may have failed as well. */
function causeOf(error: unknown): unknown {
  return error instanceof SuppressedError ? causeOf(error.suppressed) : error;
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(error instanceof OptionsError ? error.message : causeOf(error));
  process.exitCode = error instanceof OptionsError ? 2 : 1;
}
