import { hasEnded, type Pod } from '@vdi/kube';
import type { AgentStatus } from '@vdi/protocol';
import type { Conclusion } from './conclusion.ts';
import { type ContainerView, containerView, hasPullFailure, pullFailure, waitingDetail } from './container-view.ts';
import { containerNames } from './desired/names.ts';

type DesktopConclusion = Conclusion<'DesktopReady'>;

/** What container and agent tell about the desktop itself. */
export function observeDesktop(pod: Pod, agent: AgentStatus | undefined): DesktopConclusion {
  if (hasEnded(pod)) return { reason: 'PodNotRunning', message: 'The Pod has ended.' };
  const view = containerView(pod, containerNames.desktop);
  return view.isRunning ? runningDesktop(view, agent) : waitingDesktop(view, pod);
}

function runningDesktop({ isReady, end, endText }: ContainerView, agent: AgentStatus | undefined): DesktopConclusion {
  if (isReady || agent?.desktop.ready === true) {
    return { reason: 'DesktopReady', message: 'The desktop shows its windows.' };
  }
  const before = end === undefined ? '' : ` It ended before (${endText}).`;
  return { reason: 'DesktopStarting', message: `The desktop runs and has not opened a window yet.${before}` };
}

function waitingDesktop(view: ContainerView, { metadata: { name, namespace } }: Pod): DesktopConclusion {
  if (hasPullFailure(view)) {
    return {
      reason: 'ImagePullFailed',
      message: `The image of the template cannot be fetched: ${pullFailure(view)}. Correct spec.image of the template, or its imagePullSecrets.`,
    };
  }
  if (hasNoCommand(view)) {
    return {
      reason: 'CommandNotFound',
      message: `The command of the template cannot be started (${view.waitingText || view.endText}). Correct its spec.command or its image.`,
    };
  }
  if (view.end?.reason === 'OOMKilled') {
    return {
      reason: 'OutOfMemory',
      message:
        'The desktop used more memory than its limit and was ended; it is started again. Raise spec.resources.memory.',
    };
  }
  if (view.end !== undefined) {
    return {
      reason: 'DesktopCrashed',
      message: `The desktop ended (${view.endText}) and is started again, with growing pauses. Its log: kubectl logs -n ${namespace} ${name} -c desktop --previous.`,
    };
  }
  return { reason: 'DesktopStarting', message: `The desktop is being created${waitingDetail(view)}.` };
}

/** 127 is what a shell says of a command that it does not find. */
function hasNoCommand({ waitingFor, waitingText, end }: ContainerView): boolean {
  const text = `${waitingText} ${end?.message ?? ''}`;
  return (
    waitingFor === 'RunContainerError' || end?.exitCode === 127 || /executable file not found|no such file/i.test(text)
  );
}
