export { createDrivenClock, type DrivenClock } from './driven-clock.ts';
export { startTestCluster, type TestCluster } from './start-test-cluster.ts';
export { testRuntime } from './test-runtime.ts';
export { type Fate, tracedFetch } from './traced-fetch.ts';
