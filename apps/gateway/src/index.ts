export { findAuditBreak } from './audit/audit-file.ts';
export { type Gateway, type GatewayOptions, startGateway } from './gateway.ts';
export type { IdentitySource } from './server/identity-source.ts';
