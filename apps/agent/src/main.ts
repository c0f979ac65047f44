import { createLogger, type Logger } from '@vdi/telemetry';
import { cleanup, initLogger } from 'node-datachannel';
import { startAgent } from './agent.ts';
import { systemClock } from './clock.ts';
import { ConfigError, readConfig } from './config.ts';
import { readSecrets } from './secrets.ts';

const shutdownLimitMs = 4000;
const log = createLogger({ name: 'agent' });

try {
  const config = readConfig(process.env, process.getuid?.() ?? 0);
  const agentLog = createLogger({ name: 'agent', level: config.logLevel }).child({ session: config.session.name });
  const secrets = await readSecrets(config.secretDirectory);
  forwardNativeLog(agentLog);
  const agent = await startAgent({ config, secrets, clock: systemClock, log: agentLog });
  const ended = Promise.withResolvers<number>();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => ended.resolve(0));
  void agent.failed.then((error) => {
    agentLog.error({ error: error.message }, 'The display ended');
    ended.resolve(1);
  });
  const code = await ended.promise;
  await endWithin(shutdownLimitMs, agent, agentLog);
  cleanup();
  process.exit(code);
} catch (error) {
  log.error({ error: error instanceof ConfigError ? error.message : String(error), err: error }, 'Could not start');
  process.exit(1);
}

/** A part that does not end must not keep the container from ending: its supervisor would only wait, then kill. */
async function endWithin(limitMs: number, agent: AsyncDisposable, agentLog: Logger): Promise<void> {
  const late = Promise.withResolvers<void>();
  const cancel = systemClock.after(limitMs, () => {
    agentLog.error({ limitMs }, 'Parts of the agent did not end in time');
    late.resolve();
  });
  await Promise.race([agent[Symbol.asyncDispose](), late.promise]);
  cancel();
}

/** The library below says little worth a line, but what it says about failures belongs in our log. */
function forwardNativeLog(agentLog: Logger): void {
  initLogger('Warning', (level, message) => agentLog.debug({ level, message }, 'Media transport spoke'));
}
