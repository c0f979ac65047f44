import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '@vdi/api';
import { runProgram } from '../run-program.ts';
import type { LayerSource } from './layer-source.ts';
import { workspaceFingerprint } from './workspace-inputs.ts';

/** The display agent as one file. */
export async function agentSource(checkout: string): Promise<LayerSource> {
  const folder = 'apps/agent';
  return {
    name: 'display agent',
    fingerprint: await workspaceFingerprint(checkout, folder),
    collect: async (workFolder, signal) => {
      if (!existsSync(join(checkout, folder, 'src', 'main.ts'))) throw notThere();
      const bundle = join(workFolder, 'agent.js');
      await runProgram(
        process.execPath,
        [join(checkout, 'node_modules/rolldown/bin/cli.mjs'), '--config', 'rolldown.config.ts', '--file', bundle],
        { workingDirectory: join(checkout, folder), signal },
      );
      return [{ path: 'opt/vdi/agent.js', mode: 0o644, content: { kind: 'copy', from: bundle } }];
    },
  };
}

function notThere(): UserError {
  return new UserError('ProgramMissing', {
    what: 'The display agent cannot be bundled',
    why: 'apps/agent/src/main.ts is not in this checkout',
    whatToDo: 'Use a complete checkout',
  });
}
