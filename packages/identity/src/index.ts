export { type Account, createAccount } from './account/account.ts';
export { type AccountDirectory, createAccountDirectory } from './account/account-directory.ts';
export { generatePassword } from './account/password.ts';
export {
  createOidcLogin,
  type Identity,
  type OidcLogin,
  type OidcLoginOptions,
  type PendingLogin,
  type ProvenIdentity,
  type ProviderFacts,
  type ProviderFetch,
} from './login/oidc-login.ts';
export { type AccessTokens, createAccessTokens } from './login/access-tokens.ts';
export { TokenError, type TokenRefusal } from './login/token-error.ts';
export { type ClaimNames, type Profile, profileOf } from './login/profile-of.ts';
export { Markup, markup } from './page/markup.ts';
export { type Page, pageHeaders, renderPage, sendPage } from './page/page.ts';
export { createOpenIdProvider, type OpenIdClient, type OpenIdProvider } from './provider/create-openid-provider.ts';
export { providerRoutes } from './provider/provider-routes.ts';
export { generateProviderKeys, type ProviderKeys } from './provider/provider-keys.ts';
export type { Ticket, TicketRole } from './ticket/ticket.ts';
export { TicketError, type TicketRefusal } from './ticket/ticket-error.ts';
export { generateTicketKeys, type TicketKeys } from './ticket/ticket-keys.ts';
export { createTicketSigner, type TicketGrant, type TicketSigner } from './ticket/ticket-signer.ts';
export { verifyTicket } from './ticket/verify-ticket.ts';
