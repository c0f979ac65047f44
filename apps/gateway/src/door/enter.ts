import type { Principal } from '../auth/principal.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { answer, type DoorAnswer, redirect } from './answer.ts';
import { type BrowserRequest, isLookingAhead, isNavigation } from './browser-request.ts';
import type { DoorCookies } from './door-cookies.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import { refusalAnswer } from './refusal-answer.ts';
import { badRequest, invalidCode, unknownHost } from './refusals.ts';
import type { SessionHosts } from './session-host.ts';

/** `GET /.vdi/enter?code=`: a code from the dashboard becomes a cookie of this host, and the address loses the code. */
export function enter(
  request: BrowserRequest,
  deps: {
    readonly catalog: Catalog;
    readonly codes: OneTimeCodes<Principal>;
    readonly cookies: DoorCookies;
    readonly hosts: SessionHosts;
  },
): DoorAnswer {
  const { catalog, codes, cookies, hosts } = deps;
  const asPage = isNavigation(request);
  if (request.method !== 'GET') return withAllow(refusalAnswer({ ...badRequest, status: 405 }, { asPage }));
  // Neither a picture in another page nor a browser that looks ahead may spend a code.
  if (request.headers['sec-fetch-mode'] !== undefined && !asPage) return refusalAnswer(badRequest, { asPage });
  if (isLookingAhead(request)) return answer(503);
  const session = catalog.sessionAtHost(request.label);
  if (session === undefined) return refusalAnswer(unknownHost(request.label, hosts.dashboard), { asPage });
  const code = new URL(request.target, hosts.originOf(request.label)).searchParams.get('code') ?? '';
  const grant = codes.redeem(code, request.label);
  if (grant === undefined || grant.session !== session.metadata.uid || grant.principal.signal.aborted) {
    // Somebody who is in already came back to the address of the link: "back", or a reload.
    if (cookies.read(request.headers.cookie, request.label)?.session === session.metadata.uid) return redirect('/');
    const { namespace = '', name } = session.metadata;
    return refusalAnswer(invalidCode(hosts.openAddress({ namespace, name })), { asPage });
  }
  return redirect('/', { 'Set-Cookie': cookies.issue(grant) });
}

function withAllow(refusal: DoorAnswer): DoorAnswer {
  return { ...refusal, headers: { ...refusal.headers, Allow: 'GET' } };
}
