import { createMetrics, type Metrics } from '@vdi/telemetry';
import type { Via } from '../authorize/authorize.ts';

/** How a sign-in ended. */
type SignInOutcome = 'signed_in' | 'refused' | 'invalid' | 'expired' | 'provider_unreachable';

/** How a request to a session's host ended. */
export type DoorOutcome =
  | 'passed'
  | 'progress'
  | 'answered'
  | 'redirected'
  | 'signed_out'
  | 'forbidden'
  | 'gone'
  | 'bad_request'
  | 'unavailable';

export type OperationType = 'query' | 'mutation' | 'subscription' | 'invalid';

/** What the gateway counts. Nobody's name is in a label: what one person does is in the audit. */
export interface GatewayMetrics {
  signedIn(outcome: SignInOutcome): void;
  decided(action: string, outcome: string, surface: Via['surface']): void;
  answeredAtDoor(surface: 'http' | 'upgrade' | 'verify', outcome: DoorOutcome): void;
  /** @param outcome `ok`, or the code of the first error */
  answeredGraphql(type: OperationType, outcome: string, seconds: number): void;
  viewers(count: number): void;
  connections(surface: Via['surface'], count: number): void;
}

/** Default: a registry that nobody reads. */
export function createGatewayMetrics(metrics: Metrics = createMetrics()): GatewayMetrics {
  const signIns = metrics.counter({
    name: 'vdi_gateway_sign_ins_total',
    help: 'Sign-ins with a browser, by how they ended.',
    labels: ['outcome'],
  });
  const decisions = metrics.counter({
    name: 'vdi_gateway_decisions_total',
    help: 'Questions to the authorizer: what was asked for, where, and "allowed" or the code of the refusal.',
    labels: ['action', 'outcome', 'surface'],
  });
  const door = metrics.counter({
    name: 'vdi_gateway_door_requests_total',
    help: 'Requests and upgrades to hosts of sessions, and questions of a proxy about them, by how they ended.',
    labels: ['surface', 'outcome'],
  });
  const graphql = metrics.histogram({
    name: 'vdi_gateway_graphql_request_seconds',
    help: 'GraphQL operations by type and "ok" or the code of the first error; a subscription until it is accepted.',
    labels: ['type', 'outcome'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });
  const viewers = metrics.gauge({
    name: 'vdi_gateway_viewers',
    help: 'People who look at a desktop now, as the desktops tell.',
    labels: [],
  });
  const connections = metrics.gauge({
    name: 'vdi_gateway_door_connections',
    help: 'Requests and WebSockets that pass through the built-in door now.',
    labels: ['surface'],
  });
  return {
    signedIn: (outcome) => signIns.add({ outcome }),
    decided: (action, outcome, surface) => decisions.add({ action, outcome, surface }),
    answeredAtDoor: (surface, outcome) => door.add({ surface, outcome }),
    answeredGraphql: (type, outcome, seconds) => graphql.observe({ type, outcome }, seconds),
    viewers: (count) => viewers.set({}, count),
    connections: (surface, count) => connections.set({ surface }, count),
  };
}
