import type { Container } from '@vdi/kube';
import type Docker from 'dockerode';
import type { Clock } from '@vdi/controller';
import { engineMessage, isMissing } from '../engine/engine-error.ts';
import type { RegistryLogins } from './registry-logins.ts';

/** An image that is here. */
export interface LocalImage {
  readonly id: string;
  /** `USER`; empty for root. */
  readonly user: string;
  /** It was pulled just now, in so many milliseconds. */
  readonly pulledInMs?: number;
}

/** An image is not here and cannot be had now. The reasons are the kubelet's. */
export class ImageError extends Error {
  override readonly name = 'ImageError';
  readonly reason: 'ErrImagePull' | 'ImagePullBackOff' | 'ErrImageNeverPull';
  /** When it is worth to ask again. */
  readonly again: Date;

  constructor(reason: ImageError['reason'], message: string, again: Date) {
    super(message);
    this.reason = reason;
    this.again = again;
  }
}

/** One line of what the engine tells while it pulls. The answer began well, so a failure is a line too. */
interface PullProgress {
  readonly error?: string;
}

interface Failure {
  readonly delayMs: number;
  readonly until: number;
  readonly message: string;
}

const firstDelayMs = 10_000;
const longestDelayMs = 300_000;
const localPrefix = 'localhost/';

/** Finds images in the engine and pulls those that are missing, each once however many Pods wait for it. */
export class ImageStore {
  readonly #docker: Docker;
  readonly #clock: Clock;
  readonly #pulls = new Map<string, Promise<void>>();
  readonly #failures = new Map<string, Failure>();

  constructor(docker: Docker, clock: Clock) {
    this.#docker = docker;
    this.#clock = clock;
  }

  /** Throws `ImageError`. `onPull` is called when a pull begins. */
  async ensure(container: Container, logins: RegistryLogins, onPull: () => void): Promise<LocalImage> {
    const { image, imagePullPolicy = usualPolicy(image) } = container;
    const found = await this.#find(image);
    const isLocal = image.startsWith(localPrefix);
    if (found !== undefined && (imagePullPolicy !== 'Always' || isLocal)) return found;
    const now = this.#clock.now();
    if (isLocal) {
      throw new ImageError(
        'ErrImageNeverPull',
        `Container image "${image}" is not present; it is built on this machine: type vdi images build`,
        new Date(now.getTime() + firstDelayMs),
      );
    }
    if (imagePullPolicy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`;
      throw new ImageError('ErrImageNeverPull', message, new Date(now.getTime() + firstDelayMs));
    }
    await this.#pull(image, logins, onPull);
    const pulled = await this.#find(image);
    if (pulled === undefined) throw new Error(`The image "${image}" was pulled but is not there`);
    return { ...pulled, pulledInMs: this.#clock.now().getTime() - now.getTime() };
  }

  async #find(image: string): Promise<LocalImage | undefined> {
    try {
      const { Id, Config } = await this.#docker.getImage(image).inspect();
      return { id: Id, user: Config.User ?? '' };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #pull(image: string, logins: RegistryLogins, onPull: () => void): Promise<void> {
    const failure = this.#failures.get(image);
    if (failure !== undefined && failure.until > this.#clock.now().getTime()) {
      const message = `Back-off pulling image "${image}": ${failure.message}`;
      throw new ImageError('ImagePullBackOff', message, new Date(failure.until));
    }
    const running = this.#pulls.get(image);
    if (running === undefined) onPull();
    const pull = running ?? this.#startPull(image, logins);
    this.#pulls.set(image, pull);
    try {
      await pull;
      this.#failures.delete(image);
    } catch (error) {
      throw this.#noteFailure(image, engineMessage(error));
    } finally {
      this.#pulls.delete(image);
    }
  }

  #noteFailure(image: string, message: string): ImageError {
    const now = this.#clock.now().getTime();
    const before = this.#failures.get(image);
    // Others that waited for the same pull find its failure noted already.
    if (before === undefined || before.until <= now) {
      const delayMs = before === undefined ? firstDelayMs : Math.min(before.delayMs * 2, longestDelayMs);
      this.#failures.set(image, { delayMs, until: now + delayMs, message });
    }
    const { until } = this.#failures.get(image) ?? { until: now };
    return new ImageError('ErrImagePull', `failed to pull image "${image}": ${message}`, new Date(until));
  }

  async #startPull(image: string, logins: RegistryLogins): Promise<void> {
    const authconfig = logins.for(image);
    const stream = await this.#docker.pull(
      image.includes('@') || /:[^/]+$/.test(image) ? image : `${image}:latest`,
      authconfig === undefined ? {} : { authconfig },
    );
    await new Promise<void>((resolve, reject) => {
      this.#docker.modem.followProgress(stream, (error: Error | null, progress: readonly PullProgress[]) => {
        const failure = error?.message ?? progress.find((step) => step.error !== undefined)?.error;
        if (failure === undefined) resolve();
        else reject(new Error(failure));
      });
    });
  }
}

/** `Always` for the tag latest, as the API server defaults it. */
function usualPolicy(image: string): 'Always' | 'IfNotPresent' {
  return image.endsWith(':latest') || !/[:@][^/]*$/.test(image) ? 'Always' : 'IfNotPresent';
}
