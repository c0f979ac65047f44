import { pino } from 'pino';

/** Structured, past tense, naming the object: `log.info({ session: key }, 'Created Pod')`. */
export interface Logger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
  child(facts: object): Logger;
}

const secretPaths = ['password', 'token', 'ticket', 'authorization', 'cookie', 'secret'];

/** JSON lines to `destination` (default: standard error, so that standard output stays free for results). Secrets are redacted by key, two levels deep. */
export function createLogger(options: {
  readonly name: string;
  readonly level?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  readonly destination?: { write(line: string): void };
}): Logger {
  return pino(
    {
      name: options.name,
      level: options.level ?? 'info',
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: secretPaths.flatMap((path) => [path, `*.${path}`]),
    },
    options.destination ?? pino.destination(2),
  );
}
