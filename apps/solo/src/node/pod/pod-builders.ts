import type { Container, Pod, PodSpec } from '@vdi/kube';
import type { ContainerView } from './container-view.ts';

/** For tests: a container called `main`. */
export const aContainer = (more: Partial<Container> = {}): Container => ({ name: 'main', image: 'image', ...more });

/** For tests: a Pod with one container called `main`. */
export const aPod = (spec: Partial<PodSpec> = {}, metadata: Partial<Pod['metadata']> = {}): Pod => ({
  metadata: { name: 'pod', namespace: 'space', uid: 'uid-of-pod', ...metadata },
  spec: { containers: [aContainer()], ...spec },
});

/** For tests: the first attempt of `main`, running since 10:00. */
export const aView = (more: Partial<ContainerView> = {}): ContainerView => ({
  id: 'id-of-main',
  container: 'main',
  attempt: 0,
  backOffSeconds: 0,
  state: 'running',
  imageId: 'sha256:1',
  startedAt: new Date('2026-01-02T10:00:00Z'),
  finishedAt: undefined,
  exitCode: 0,
  wasOutOfMemory: false,
  ...more,
});

/** For tests: ended so many seconds after 10:00. */
export const anEnd = (afterSeconds: number, exitCode: number, more: Partial<ContainerView> = {}): ContainerView =>
  aView({
    state: 'exited',
    exitCode,
    finishedAt: new Date(Date.parse('2026-01-02T10:00:00Z') + afterSeconds * 1000),
    ...more,
  });
