import { parseQuantity } from '@vdi/api';
import { type Container, hasEnded, type Node, type Pod, type Toleration } from '@vdi/kube';
import { isSidecar } from '../objects/pod.ts';

/** Where a Pod can run, or why it can run nowhere, in the scheduler's words. */
export type Placement = { readonly node: string } | { readonly message: string };

type Quantities = Readonly<Record<string, number>>;

/** Chooses the first node that fits. Pure: the same objects give the same answer. */
export function schedulePod(pod: Pod, nodes: readonly Node[], others: readonly Pod[]): Placement {
  const refusals: string[] = [];
  for (const node of nodes) {
    const refusal = refusalBy(node, pod, others);
    if (refusal === undefined) return { node: node.metadata.name ?? '' };
    refusals.push(refusal);
  }
  const counts = [...new Set(refusals)]
    .sort()
    .map((text) => `${refusals.filter((one) => one === text).length} ${text}`);
  const reasons = counts.length === 0 ? '' : `: ${counts.join(', ')}`;
  return { message: `0/${nodes.length} nodes are available${reasons}.` };
}

/** What a Pod takes: the sum of containers and sidecars, or the largest init container if that is more (KEP-753). */
export function requestsOf({ spec }: Pod): Quantities {
  const { initContainers = [], containers } = spec;
  const sidecars = initContainers.filter(isSidecar);
  const running = [...containers, ...sidecars].map(requestsOfContainer).reduce<Quantities>(sum, {});
  return initContainers
    .filter((container) => !isSidecar(container))
    .map(requestsOfContainer)
    .reduce<Quantities>(larger, running);
}

function refusalBy(node: Node, pod: Pod, others: readonly Pod[]): string | undefined {
  if (node.spec?.unschedulable === true) return 'node(s) were unschedulable';
  const taint = node.spec?.taints?.find(
    (one) =>
      one.effect !== 'PreferNoSchedule' &&
      !(pod.spec.tolerations ?? []).some((toleration) => tolerates(toleration, one)),
  );
  if (taint !== undefined) return `node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`;
  if (node.status?.conditions?.some(({ type, status }) => type === 'Ready' && status !== 'True') === true) {
    return 'node(s) were not ready';
  }
  const labels = node.metadata.labels ?? {};
  const mismatch = Object.entries(pod.spec.nodeSelector ?? {}).some(([key, value]) => labels[key] !== value);
  if (mismatch) return "node(s) didn't match Pod's node affinity/selector";
  return shortage(node, pod, others);
}

function shortage(node: Node, pod: Pod, others: readonly Pod[]): string | undefined {
  const allocatable = node.status?.allocatable ?? {};
  const here = others.filter((other) => other.spec.nodeName === node.metadata.name && !hasEnded(other));
  if (here.length + 1 > Number(allocatable['pods'] ?? 0)) return 'Too many pods';
  const used = here.map(requestsOf).reduce<Quantities>(sum, {});
  const short = Object.entries(requestsOf(pod)).find(
    ([name, amount]) => amount > 0 && (used[name] ?? 0) + amount > parseQuantity(allocatable[name] ?? 0),
  );
  return short === undefined ? undefined : `Insufficient ${short[0]}`;
}

function requestsOfContainer({ resources }: Container): Quantities {
  const wanted = { ...resources?.limits, ...resources?.requests };
  return Object.fromEntries(Object.entries(wanted).map(([name, amount]) => [name, parseQuantity(amount)]));
}

function combined(one: Quantities, other: Quantities, combine: (first: number, second: number) => number): Quantities {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return Object.fromEntries([...names].map((name) => [name, combine(one[name] ?? 0, other[name] ?? 0)]));
}

const sum = (one: Quantities, other: Quantities): Quantities => combined(one, other, (first, second) => first + second);
const larger = (one: Quantities, other: Quantities): Quantities => combined(one, other, Math.max);

function tolerates(
  toleration: Toleration,
  taint: { readonly key: string; readonly value?: string; readonly effect: string },
): boolean {
  const { key, operator = 'Equal', value = '', effect } = toleration;
  if (effect !== undefined && effect !== '' && effect !== taint.effect) return false;
  if (key !== undefined && key !== '' && key !== taint.key) return false;
  if (operator === 'Exists') return true;
  return key !== undefined && key !== '' && value === (taint.value ?? '');
}
