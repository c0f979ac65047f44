import { type BenchStand, displayProcesses } from './desktop/bench-stand.ts';
import { type ProcessMemory, processMemory } from './process-usage.ts';
import { rounded } from './statistics.ts';

/** Resident memory in MiB, and the proportional share of it, which counts what is shared with others once. */
export interface MemoryNumbers {
  readonly agentMiB: number;
  readonly agentPssMiB: number;
  readonly xserverMiB: number;
  readonly xserverPssMiB: number;
  /** API, operator, gateway, node and dashboard: the one process of standalone mode, without the container engine. */
  readonly controlPlaneMiB: number;
  readonly controlPlanePssMiB: number;
}

/** With one desktop and one viewer connected to it. */
export async function measureMemory(stand: BenchStand): Promise<MemoryNumbers> {
  const { agent, xServer } = await displayProcesses(stand);
  const [ofAgent, ofX, ofControlPlane] = [memoryOf(agent), memoryOf([xServer]), memoryOf([stand.standalone.pid])];
  return {
    agentMiB: ofAgent.rss,
    agentPssMiB: ofAgent.pss,
    xserverMiB: ofX.rss,
    xserverPssMiB: ofX.pss,
    controlPlaneMiB: ofControlPlane.rss,
    controlPlanePssMiB: ofControlPlane.pss,
  };
}

function memoryOf(pids: readonly number[]): ProcessMemory {
  const all = pids.map((pid) => processMemory(pid));
  const sum = (part: keyof ProcessMemory): number => rounded(all.reduce((total, one) => total + one[part], 0));
  return { rss: sum('rss'), pss: sum('pss') };
}
