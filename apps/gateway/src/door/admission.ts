import type { VDISession } from '@vdi/api';
import type { TicketRole } from '@vdi/identity';
import type { Principal } from '../auth/principal.ts';
import type { Authorizer, Via } from '../authorize/authorize.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { type BrowserRequest, comesFromOwnPage } from './browser-request.ts';
import type { DoorCookies } from './door-cookies.ts';
import {
  ended,
  failed,
  forbidden,
  foreignOrigin,
  outsideSchedule,
  type Refusal,
  signedOut,
  starting,
  suspended,
  unknownHost,
} from './refusals.ts';
import type { SessionHosts } from './session-host.ts';
import type { SessionState } from './session-state.ts';

/** Somebody who may be here, whatever the desktop is doing. */
export interface Visitor {
  readonly principal: Principal;
  readonly session: VDISession;
  readonly role: TicketRole;
  readonly via: Via;
}

/** Whether a request may reach a session, and as whom. */
export type Admission =
  | { readonly kind: 'admitted'; readonly visitor: Visitor }
  | { readonly kind: 'signedOut'; readonly refusal: Refusal; readonly openAddress: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface AdmissionRules {
  readonly catalog: Catalog;
  readonly authorizer: Authorizer;
  readonly cookies: DoorCookies;
  readonly hosts: SessionHosts;
}

/** The one decision of the door, for requests, upgrades and `/verify` alike. */
export function admit(request: BrowserRequest, rules: AdmissionRules): Admission {
  const { catalog, authorizer, cookies, hosts } = rules;
  const { label, headers } = request;
  const grant = cookies.read(headers.cookie, label);
  const session = catalog.sessionAtHost(label);
  if (session === undefined) {
    const isKnown = grant !== undefined;
    return refused(isKnown ? ended(hosts.dashboard) : unknownHost(label, hosts.dashboard));
  }
  const { namespace = '', name, uid = '' } = session.metadata;
  const via: Via = { surface: request.surface, requestId: crypto.randomUUID(), address: request.address };
  // A cookie of an earlier session at this host opens nothing: the dashboard gives another one, or says why not.
  const principal = grant?.session === uid ? grant.principal : undefined;
  const decision = authorizer.decide(principal, 'session.connect', { kind: 'session', session }, via);
  if (principal === undefined || (!decision.allowed && decision.code === 'UNAUTHENTICATED')) {
    const openAddress = hosts.openAddress({ namespace, name });
    return { kind: 'signedOut', refusal: signedOut(openAddress), openAddress };
  }
  const role = decision.allowed ? ticketRole(decision.as) : undefined;
  if (role === undefined) return refused(forbidden(hosts.dashboard));
  if (!comesFromOwnPage(request, hosts.originOf(label))) return refused(foreignOrigin);
  return { kind: 'admitted', visitor: { principal, session, role, via } };
}

/** Only a relation to the session itself makes a ticket: no role of the platform reaches into a desktop. */
function ticketRole(as: string): TicketRole | undefined {
  return as === 'owner' || as === 'control' || as === 'view' ? as : undefined;
}

function refused(refusal: Refusal): Admission {
  return { kind: 'refused', refusal };
}

/** Why there is no desktop to pass a request on to; `undefined` when there is one. */
export function refusalOfState(state: SessionState, dashboard: string): Refusal | undefined {
  switch (state.kind) {
    case 'running':
      return undefined;
    case 'suspended':
      return suspended(dashboard);
    case 'starting':
      return starting(state.message);
    case 'outsideSchedule':
      return outsideSchedule(state.message, dashboard);
    case 'failed':
      return failed(state.message, dashboard);
    case 'ended':
      break;
  }
  return ended(dashboard);
}
