export { findAuditBreak } from './audit/audit-file.ts';
export { type Gateway, type GatewayOptions, startGateway } from './gateway.ts';
export { type FirstPassword, openAccounts } from './kept/first-accounts.ts';
export { type GatewayKeys, openGatewayKeys } from './kept/gateway-keys.ts';
export type { KeptText } from './kept/kept-text.ts';
export { type HttpHandler, type HttpListener, listenHttp } from './listen/http-listener.ts';
export type { IdentitySource } from './server/identity-source.ts';
