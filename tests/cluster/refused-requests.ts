import type { ClusterSettings } from './cluster-settings.ts';
import type { Kubectl } from './kubectl.ts';

/** How an API server words it, in text and in what we log of it. */
export const refusal: RegExp =
  /is forbidden:|"reason":"Forbidden"|cannot (?:get|list|watch|create|update|patch|delete) resource/;

/** Lines of what operator and gateway have logged so far that tell of a right they lack: only a real API server refuses by RBAC. */
export async function refusedRequests(
  kubectl: Kubectl,
  { systemNamespace }: ClusterSettings,
): Promise<readonly string[]> {
  const selector = 'app.kubernetes.io/part-of=vdi-operator';
  const logs = async (more: readonly string[]): Promise<string> =>
    (await kubectl.try(['logs', '-n', systemNamespace, '--selector', selector, '--tail=-1', '--prefix', ...more]))
      .stdout;
  // Of containers that were started anew the log before that counts too; most have none.
  const lines = `${await logs([])}\n${await logs(['--previous'])}`.split('\n');
  return lines.filter((line) => refusal.test(line));
}
