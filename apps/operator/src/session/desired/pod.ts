import { annotations, podName, type VDISession, type VDIUser } from '@vdi/api';
import type { Container, Pod } from '@vdi/kube';
import type { OperatorSettings } from '../../settings.ts';
import { type GpuSlices, totalSlices, type WantedDesktop } from '../wanted-desktop.ts';
import { desktopContainer, webDesktopContainer } from './desktop-container.ts';
import { displayContainer } from './display-container.ts';
import { mediaPort, ownedMetadata } from './names.ts';
import { withOverlay } from './pod-overlay.ts';
import { containerSecurity, podSecurity } from './security.ts';
import { podVolumes, singleContainerVolumes } from './volumes.ts';

/** Which Pod of a session. */
export interface Incarnation {
  readonly number: number;
  /** How many in a row were lost before it. */
  readonly lostBefore: number;
}

export interface PodPlan {
  readonly session: VDISession;
  readonly wanted: WantedDesktop;
  readonly user: VDIUser | undefined;
  /** What it gets, which is less than it wants when it may start without. */
  readonly gpu: GpuSlices;
  readonly incarnation: Incarnation;
  readonly settings: OperatorSettings;
}

/** Room between the end of the applications' grace period and the kill, for the display to end too. */
const displayGraceSeconds = 5;

/** The Pod, as `docs/architecture.md` describes it. Created once and never changed: a new wish means a new incarnation. */
export function desiredPod(plan: PodPlan): Pod {
  const { session, wanted, incarnation } = plan;
  const { template } = wanted;
  const { scheduling = {} } = template;
  const owned = ownedMetadata(session);
  const runtimeClassName = scheduling.runtimeClassName ?? gpuRuntimeClass(plan);
  const pod: Pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...owned,
      name: podName(session.metadata.name, incarnation.number),
      annotations: { ...owned.annotations, ...annotationsOf(plan) },
    },
    spec: {
      restartPolicy: 'Always',
      hostname: session.metadata.name,
      enableServiceLinks: false,
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: wanted.gracePeriodSeconds + displayGraceSeconds,
      securityContext: podSecurity(template.security.runAsUser),
      ...(scheduling.nodeSelector && { nodeSelector: scheduling.nodeSelector }),
      ...(scheduling.tolerations && { tolerations: scheduling.tolerations }),
      ...(scheduling.affinity && { affinity: scheduling.affinity }),
      ...(runtimeClassName === undefined ? {} : { runtimeClassName }),
      ...(scheduling.priorityClassName && { priorityClassName: scheduling.priorityClassName }),
      ...(template.imagePullSecrets && { imagePullSecrets: template.imagePullSecrets }),
      ...containersOf(plan),
    },
  };
  return template.podOverlay === undefined ? pod : withOverlay(pod, template.podOverlay);
}

function annotationsOf({ wanted, incarnation }: PodPlan): Readonly<Record<string, string>> {
  return {
    [annotations.incarnation]: String(incarnation.number),
    [annotations.lostBefore]: String(incarnation.lostBefore),
    [annotations.templateRevision]: wanted.templateRevision,
    ...(wanted.template.bringsWebDesktop ? {} : { [annotations.mediaPort]: String(mediaPort) }),
    // A desktop that somebody works on is not moved to save a node.
    'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false',
    'karpenter.sh/do-not-disrupt': 'true',
  };
}

function containersOf(plan: PodPlan): Pick<Pod['spec'], 'initContainers' | 'containers' | 'volumes'> {
  const { session, wanted, user, gpu, settings } = plan;
  const sidecars = (wanted.template.sidecars ?? []).map(restrictedSidecar);
  if (wanted.template.bringsWebDesktop) {
    return {
      containers: [webDesktopContainer(wanted, user, gpu, settings), ...sidecars],
      volumes: singleContainerVolumes(session.metadata.name, wanted, settings.resources),
    };
  }
  return {
    initContainers: [displayContainer(session, wanted, gpu, settings)],
    containers: [desktopContainer(wanted, user, gpu, settings), ...sidecars],
    volumes: podVolumes(session.metadata.name, wanted, settings.resources),
  };
}

/** The administrator's own containers see neither home nor Secret, and are held as tightly as the desktop. */
function restrictedSidecar(sidecar: Container): Container {
  return { ...sidecar, volumeMounts: [], securityContext: containerSecurity({ readOnlyRootFilesystem: true }) };
}

function gpuRuntimeClass({ gpu, settings }: PodPlan): string | undefined {
  return totalSlices(gpu) === 0 ? undefined : settings.gpu.runtimeClassName;
}
