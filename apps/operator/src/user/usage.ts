import type { VDISession, VDITemplate, VDIUser } from '@vdi/api';
import type { OperatorSettings } from '../settings.ts';
import { totalSlices, wantedDesktop } from '../session/wanted-desktop.ts';

/** What sessions hold together. */
export interface Usage {
  /** Suspended ones included. */
  readonly sessions: number;
  readonly gpu: number;
  readonly cpu: number;
  /** Bytes. */
  readonly memory: number;
}

export const noUsage: Usage = { sessions: 0, gpu: 0, cpu: 0, memory: 0 };

/** What one session holds, or will hold once it runs. A suspended one holds nothing but its place. */
export function usageOf(
  { session, template }: { readonly session: VDISession; readonly template: VDITemplate | undefined },
  user: VDIUser | undefined,
  settings: OperatorSettings,
): Usage {
  if (session.spec.suspended === true || template === undefined) return { ...noUsage, sessions: 1 };
  const { gpu, cpuCores, memoryBytes } = wantedDesktop(session, template, user, settings);
  // Once it runs, what the Pod got counts: it may have started without a GPU.
  return { sessions: 1, gpu: session.status?.gpu ?? totalSlices(gpu), cpu: cpuCores, memory: memoryBytes };
}

export function addUsage(a: Usage, b: Usage): Usage {
  return { sessions: a.sessions + b.sessions, gpu: a.gpu + b.gpu, cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}
