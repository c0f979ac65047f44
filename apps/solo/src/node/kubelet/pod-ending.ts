import type { Pod } from '@vdi/kube';
import { podKey, uidOf } from '../objects/pod.ts';
import { stopOrder } from '../pod/stop-order.ts';
import { networkNameOf, removeNetwork } from '../network/pod-network.ts';
import type { NodeContext } from './node-context.ts';
import type { PodContainers } from './pod-containers.ts';
import type { PodLives } from './pod-lives.ts';
import { removeSandbox } from './sandbox.ts';

/** What sidecars get at least, even when the others used up the whole time (KEP-753). */
const leastSidecarSeconds = 2;

interface StopOptions {
  readonly pod: Pod;
  readonly containers: PodContainers;
  readonly lives: PodLives;
  readonly context: NodeContext;
  /** For all of them together. */
  readonly graceSeconds: number;
}

/** Stops all containers: first those that do the work, then the sidecars they rely on, the last started first. */
export async function stopPod(options: StopOptions): Promise<void> {
  const { pod, containers, context, graceSeconds } = options;
  if (containers.running().length === 0) return;
  const lastMoment = context.clock.now().getTime() + graceSeconds * 1000;
  for (const [index, names] of stopOrder(pod).entries()) {
    const running = containers.running().filter(({ container = '' }) => names.includes(container));
    const left = (lastMoment - context.clock.now().getTime()) / 1000;
    const seconds = index === 0 || graceSeconds <= 0 ? left : Math.max(left, leastSidecarSeconds);
    await Promise.all(
      running.map((view) => stopContainer(options, { id: view.id, name: view.container ?? '' }, seconds)),
    );
  }
}

async function stopContainer(
  { pod, containers, lives, context }: StopOptions,
  { id, name }: { readonly id: string; readonly name: string },
  graceSeconds: number,
): Promise<void> {
  context.recorder.record(pod, {
    type: 'Normal',
    reason: 'Killing',
    message: `Stopping container ${name}`,
    fieldPath: `spec.containers{${name}}`,
  });
  const begunAt = context.clock.now().getTime();
  const life = lives.get(id);
  life?.[Symbol.dispose]();
  if (graceSeconds > 0) await life?.runPreStop(graceSeconds * 1000);
  const used = (context.clock.now().getTime() - begunAt) / 1000;
  await containers.stop(id, graceSeconds - used);
}

/** Removes everything that was made for a Pod. Homes stay. Repeating it changes nothing. */
export async function removePod(pod: Pod, containers: PodContainers, context: NodeContext): Promise<void> {
  // First those that joined the sandbox: the engine keeps it while it has members.
  await Promise.all(containers.all().map(({ id }) => containers.remove(id)));
  if (containers.sandbox !== undefined) await removeSandbox(containers.sandbox.id, context);
  containers.sandbox = undefined;
  await removeNetwork(networkNameOf(pod, context.owner), context);
  await context.volumes.remove(uidOf(pod));
  context.claims.release(uidOf(pod));
  context.log.debug({ pod: podKey(pod) }, 'Removed what a Pod had');
}
