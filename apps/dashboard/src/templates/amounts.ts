import { parseQuantity } from '@vdi/api';

const gibi = 2 ** 30;
const memorySteps = ['1Gi', '2Gi', '4Gi', '8Gi', '16Gi', '32Gi', '64Gi', '128Gi'] as const;
const cpuSteps = ['1', '2', '4', '6', '8', '12', '16', '24', '32'] as const;
/** How far a choice goes where the template names no maximum. */
const openEnd = { memory: 32 * gibi, cpu: 16 } as const;

/** The amounts of memory to choose from: powers of two up to the maximum, with the template's own default and maximum. */
export function memoryChoices(standard: string | undefined, maximum: string | undefined): readonly string[] {
  return choices(memorySteps, openEnd.memory, standard, maximum);
}

/** The numbers of CPU cores to choose from. */
export function cpuChoices(standard: string | undefined, maximum: string | undefined): readonly string[] {
  return choices(cpuSteps, openEnd.cpu, standard, maximum);
}

function choices(
  steps: readonly string[],
  end: number,
  standard: string | undefined,
  maximum: string | undefined,
): readonly string[] {
  const most = maximum === undefined ? end : parseQuantity(maximum);
  const own = [standard, maximum].filter((amount) => amount !== undefined);
  const within = [...own, ...steps].filter((amount) => parseQuantity(amount) <= most);
  const byValue = new Map(within.reverse().map((amount) => [parseQuantity(amount), amount]));
  return [...byValue].sort(([a], [b]) => a - b).map(([, amount]) => amount);
}

/** Memory for people: `4Gi` is `4 GiB`, `512Mi` is `512 MiB`. */
export function formatMemory(quantity: string | number): string {
  const bytes = parseQuantity(quantity);
  return bytes > 0 && bytes < gibi ? `${trimmed(bytes / 2 ** 20)} MiB` : `${trimmed(bytes / gibi)} GiB`;
}

/** Cores for people: `500m` is `0.5 cores`. */
export function formatCores(quantity: string | number): string {
  const cores = parseQuantity(quantity);
  return cores === 1 ? '1 core' : `${trimmed(cores)} cores`;
}

function trimmed(value: number): string {
  return String(Math.round(value * 10) / 10);
}
