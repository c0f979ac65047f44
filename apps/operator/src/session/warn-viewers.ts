import type { WarnRequest } from '@vdi/protocol';
import type { AgentWatch } from '../agent/agent-watch.ts';
import { newestPod } from './incarnation.ts';
import type { SessionInput } from './input.ts';

interface Warning {
  readonly reason: WarnRequest['reason'];
  /** When the desktop will stop. */
  readonly at: Date;
}

const texts: Readonly<Record<WarnRequest['reason'], string>> = {
  suspending: 'This desktop is going to be suspended. Save your work; your files stay.',
  expiring: 'This session is going to end. Save your work; the files in your home stay.',
  maintenance: 'This desktop is going to stop for maintenance. Save your work; your files stay.',
};

/** Tells whoever is connected that the desktop will stop. */
export async function warnViewers(
  { pods }: SessionInput,
  { reason, at }: Warning,
  agents: Pick<AgentWatch, 'warn'>,
): Promise<void> {
  const uid = newestPod(pods)?.metadata.uid;
  if (uid !== undefined) await agents.warn(uid, { reason, at: at.toISOString(), message: texts[reason] });
}
