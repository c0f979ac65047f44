import type { ContainerStatus, Pod } from '@vdi/kube';
import type { AgentObservation } from '../agent/agent-observation.ts';
import type { Conclusion } from './conclusion.ts';
import { observeDesktop } from './observe-desktop.ts';
import { displayOfWebDesktop, observeDisplay } from './observe-display.ts';

/** What the Pod and its agent tell. */
export interface Observed {
  readonly scheduled: Conclusion<'Scheduled'>;
  readonly display: Conclusion<'DisplayReady'>;
  readonly desktop: Conclusion<'DesktopReady'>;
  /** All containers have begun, so their images are there. */
  readonly hasImages: boolean;
}

export function observePod(pod: Pod, agent: AgentObservation | undefined, gpuResource: string): Observed {
  const own = agent?.podUid === pod.metadata.uid ? agent : undefined;
  const desktop = observeDesktop(pod, own?.status);
  const bringsWebDesktop = (pod.spec.initContainers ?? []).length === 0;
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return {
    scheduled: scheduledConclusion(pod, gpuResource),
    display: bringsWebDesktop ? displayOfWebDesktop(desktop) : observeDisplay(pod, own),
    desktop,
    hasImages: statuses.length > 0 && statuses.every(hasBegun),
  };
}

/** Reasons by which a kubelet refuses a Pod that the scheduler gave it. */
const admissionReasons = /^(UnexpectedAdmissionError|OutOf|NodeAffinity|NodePorts|PodOSNotSupported|Preempting)/;

function scheduledConclusion({ spec, status, metadata }: Pod, gpuResource: string): Conclusion<'Scheduled'> {
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  if (status?.phase === 'Failed' && admissionReasons.test(status.reason ?? '')) {
    return {
      reason: 'NodeRefused',
      message: `Node "${spec.nodeName}" refused the Pod: ${status.message ?? status.reason}. It is created anew.`,
    };
  }
  if (status?.reason === 'NodeLost' || condition('Ready')?.status === 'Unknown') {
    return {
      reason: 'NodeLost',
      message: `Node "${spec.nodeName}" does not answer. The desktop is created anew when the home is safely free.`,
    };
  }
  if (spec.nodeName !== undefined && spec.nodeName !== '') {
    return { reason: 'Scheduled', message: `The desktop is on node "${spec.nodeName}".` };
  }
  const scheduling = condition('PodScheduled');
  if (scheduling?.status !== 'False') {
    return { reason: 'WaitingForScheduler', message: `Pod "${metadata.name}" waits for the scheduler.` };
  }
  return withoutNode(scheduling.message ?? 'no node fits', gpuResource);
}

function withoutNode(why: string, gpuResource: string): Conclusion<'Scheduled'> {
  return why.includes(`Insufficient ${gpuResource}`)
    ? { reason: 'NoGpuSlice', message: `No GPU slice is free (${why}). The session starts when one is.` }
    : { reason: 'Unschedulable', message: `No node fits: ${why}` };
}

function hasBegun({ state, lastState }: ContainerStatus): boolean {
  return (state?.running ?? state?.terminated ?? lastState?.terminated) !== undefined;
}
