export { createDrivenClock, type DrivenClock } from './driven-clock.ts';
export { startTestCluster, type TestCluster } from './start-test-cluster.ts';
