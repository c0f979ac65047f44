import type Docker from 'dockerode';

/** A container engine that answers the Docker Engine API. Disposing it stops what we started; containers go on. */
export interface Engine extends AsyncDisposable {
  readonly docker: Docker;
  readonly flavour: 'docker' | 'podman';
  /** Run by an ordinary user: files cannot be given to other users, and containers' addresses not be reached directly. */
  readonly isRootless: boolean;
  readonly version: string;
  /** Ends a service that hangs and starts it anew, where it is ours to do so. */
  restart(): Promise<void>;
}

export type EngineChoice = 'auto' | 'docker' | 'podman';
