import { vdiSession } from '@vdi/api';
import { createKubeClient, fetchFromKubeconfig, resourceOf } from '@vdi/kube';
import { findRunningProcess, type StateDirectory, stateDirectoryAt } from '@vdi/solo';
import { type CliContext, say } from '../cli-context.ts';

const answerMs = 10_000;

/** What `vdi status --output json` prints. */
export interface Status {
  /** The API answers, and so does the dashboard's host. */
  readonly ready: boolean;
  readonly url: string | null;
  readonly kubeconfig: string | null;
  /** How many there are in all namespaces. */
  readonly sessions: number;
}

/** `vdi status`. Succeeds whether anything runs or not: the answer says which. */
export async function status(
  context: CliContext,
  flags: { readonly stateDir?: string; readonly output: 'text' | 'json' },
): Promise<void> {
  const state = stateDirectoryAt(flags.stateDir ?? context.defaultStateDirectory);
  const found = await readStatus(state);
  if (flags.output === 'json') {
    say(context, JSON.stringify(found));
    return;
  }
  if (found.url === null) {
    say(context, `Nothing is running in ${state.path}. Start with: vdi up`);
    return;
  }
  say(context, `${found.ready ? 'Ready at   ' : 'Not ready: '} ${found.url}`);
  say(context, `Kubeconfig: ${found.kubeconfig}`);
  say(context, `Sessions:   ${found.sessions}`);
}

/** Asks the process, if one runs. */
export async function readStatus(state: StateDirectory): Promise<Status> {
  const running = findRunningProcess(state);
  if (running?.url === undefined) return { ready: false, url: null, kubeconfig: null, sessions: 0 };
  await using connection = await fetchFromKubeconfig(state.kubeconfig);
  const kube = createKubeClient({ ...connection, fieldManager: 'vdi-cli', requestTimeoutSeconds: 10 });
  const facts = { url: running.url, kubeconfig: state.kubeconfig };
  try {
    const { items } = await kube.list(resourceOf(vdiSession));
    const { ok } = await fetch(new URL('/readyz', running.url), { signal: AbortSignal.timeout(answerMs) });
    return { ready: ok, ...facts, sessions: items.length };
  } catch {
    // It runs but does not answer as it should: that is what "not ready" says.
    return { ready: false, ...facts, sessions: 0 };
  }
}
