import type { FirstPassword } from '@vdi/gateway';
import type { KubeClient } from '@vdi/kube';
import type { Logger } from '@vdi/telemetry';
import type { EngineChoice } from './node/engine/engine.ts';
import type { ReportProgress } from './part.ts';

export interface SoloOptions {
  /** Made if missing; one process at a time. */
  readonly stateDirectory: string;
  /** Of the web address, on 127.0.0.1; 0 takes any free one. */
  readonly port: number;
  /** Of the Kubernetes API; left out: 7443 or, where that is taken or `port` is 0, any free one. */
  readonly apiPort?: number | undefined;
  /** Which container engine runs Pods; left out or `none`: Pods are kept but not run. */
  readonly engine?: EngineChoice | 'none';
  /** The address of this machine by which browsers reach desktops' media; left out: only browsers on this machine do. */
  readonly mediaAddress?: string;
  /** Where downloads and layers of our images are kept; left out: the images are not built here. */
  readonly imageCacheDirectory?: string;
  readonly log: Logger;
  readonly progress?: ReportProgress;
  /** Gives the start up: what was started by then is stopped, and the reason is thrown. A finished start is past it. */
  readonly signal?: AbortSignal;
}

/** Standalone mode at work. Disposing it stops every part, the last started first. */
export interface Solo extends AsyncDisposable {
  /** The dashboard's address, which people open. */
  readonly url: string;
  /** The Kubernetes API's address. */
  readonly apiUrl: string;
  /** Of the accounts that this start made; none after the first. */
  readonly firstPasswords: readonly FirstPassword[];
  readonly kubeconfigPath: string;
  readonly kube: KubeClient;
}

/** Starts standalone mode in this process. Throws `UserError` for what a person can mend. */
export async function startSolo(options: SoloOptions): Promise<Solo> {
  // Loaded on demand: who only asks what runs, or stops it, needs no API server for that.
  const { startParts } = await import('./start-parts.ts');
  try {
    return await startParts(options);
  } catch (error) {
    const { explainOutOfSpace } = await import('./state/out-of-space.ts');
    const { stateDirectory, imageCacheDirectory } = options;
    throw explainOutOfSpace(error, [
      stateDirectory,
      ...(imageCacheDirectory === undefined ? [] : [imageCacheDirectory]),
    ]);
  }
}
