export type { AgentClient } from './agent/agent-client.ts';
export type { PublicKeySet } from './session/desired/secret.ts';
export { secretKeys } from './session/desired/names.ts';
export { hostName, sessionUrl } from './session/session-host.ts';
export { defaultSettings, type OperatorSettings, type SessionAddress } from './settings.ts';
export { type Operator, type OperatorOptions, startOperator } from './start-operator.ts';
