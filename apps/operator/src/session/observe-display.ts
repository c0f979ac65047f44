import { hasEnded, type Pod } from '@vdi/kube';
import type { AgentStatus } from '@vdi/protocol';
import type { AgentObservation } from '../agent/agent-observation.ts';
import type { Conclusion } from './conclusion.ts';
import { type ContainerView, containerView, hasPullFailure, pullFailure, waitingDetail } from './container-view.ts';
import { containerNames } from './desired/names.ts';

type DisplayConclusion = Conclusion<'DisplayReady'>;

/** What container and agent tell about X server and encoder. */
export function observeDisplay(pod: Pod, agent: AgentObservation | undefined): DisplayConclusion {
  if (hasEnded(pod)) return { reason: 'PodNotRunning', message: 'The Pod has ended.' };
  const view = containerView(pod, containerNames.display);
  return view.isRunning ? runningDisplay(view, agent) : waitingDisplay(view);
}

/** An image that streams itself shows its desktop when it is ready, and not before. */
export function displayOfWebDesktop({ reason, message }: Conclusion<'DesktopReady'>): DisplayConclusion {
  if (reason === 'DesktopReady') return { reason: 'DisplayReady', message: 'The image streams itself.' };
  return { reason: reason === 'PodNotRunning' ? 'PodNotRunning' : 'DisplayStarting', message };
}

function runningDisplay({ isReady }: ContainerView, agent: AgentObservation | undefined): DisplayConclusion {
  const error = agent?.status?.stream.error;
  if (error !== undefined) return { reason: 'EncoderFailed', message: `No encoder works: ${error}` };
  if (isReady || deliversFrames(agent?.status))
    return { reason: 'DisplayReady', message: 'The display delivers frames.' };
  if (agent?.trouble !== undefined) {
    return { reason: 'AgentUnreachable', message: `The display does not answer the operator: ${agent.trouble}` };
  }
  return { reason: 'DisplayStarting', message: 'X server and encoder are starting.' };
}

function waitingDisplay(view: ContainerView): DisplayConclusion {
  if (hasPullFailure(view)) {
    return {
      reason: 'ImagePullFailed',
      message: `The image of the display cannot be fetched: ${pullFailure(view)}.`,
    };
  }
  if (view.end !== undefined) {
    return { reason: 'DisplayFailed', message: `The display ended (${view.endText}) and is started again.` };
  }
  return { reason: 'DisplayStarting', message: `The display is being created${waitingDetail(view)}.` };
}

function deliversFrames(status: AgentStatus | undefined): boolean {
  return status?.display.ready === true && status.stream.encoder !== undefined;
}
