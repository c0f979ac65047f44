import { type CliContext, say } from '../cli-context.ts';
import { installCommand } from '../doctor/install.ts';
import { missingNeeds, needs } from '../doctor/needs.ts';

/** `vdi doctor`. Fails when something is missing, so that scripts can ask it. */
export async function doctor(context: CliContext): Promise<void | Error> {
  for (const need of needs) {
    const found = await need.find();
    say(
      context,
      found === undefined ? `missing  ${need.name}, needed ${need.purpose}` : `ok       ${need.name} (${found})`,
    );
  }
  const missing = await missingNeeds();
  if (missing.length === 0) {
    say(context, 'Nothing is missing.');
    return undefined;
  }
  for (const { remedy } of missing) if ('advice' in remedy) say(context, `Fix: ${remedy.advice}`);
  const command = installCommand(missing, process.getuid?.() === 0);
  if (command !== undefined) say(context, `Fix: ${command.join(' ')}`);
  return new Error(`${missing.length} of ${needs.length} needs are not met`);
}
