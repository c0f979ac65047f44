export type { Ticket, TicketRole } from './ticket/ticket.ts';
export { TicketError, type TicketRefusal } from './ticket/ticket-error.ts';
export { generateTicketKeys, type TicketKeys } from './ticket/ticket-keys.ts';
export { createTicketSigner, type TicketGrant, type TicketSigner } from './ticket/ticket-signer.ts';
export { verifyTicket } from './ticket/verify-ticket.ts';
