import type { TicketSigner } from '@vdi/identity';
import type { Logger } from '@vdi/telemetry';
import type { Principal } from '../auth/principal.ts';
import { admit, type AdmissionRules, refusalOfState, type Visitor } from './admission.ts';
import { type DoorAnswer, redirect } from './answer.ts';
import { type BrowserRequest, isLookingAhead, isNavigation, pathOf } from './browser-request.ts';
import { enter } from './enter.ts';
import type { OneTimeCodes } from './one-time-codes.ts';
import { isOwnPath, ownPaths } from './own-paths.ts';
import { progressPage, progressScript } from './page/progress-page.ts';
import { progressOf } from './progress.ts';
import { refusalAnswer } from './refusal-answer.ts';
import { badRequest, nothingHere, type Refusal, unreachable } from './refusals.ts';
import type { Resumer } from './resume.ts';
import { sessionState } from './session-state.ts';

/** What becomes of a request: an answer of the door, the stream of a start, or a way into the desktop. */
export type DoorDecision =
  | { readonly kind: 'answer'; readonly answer: DoorAnswer }
  | { readonly kind: 'progress'; readonly visitor: Visitor }
  | { readonly kind: 'pass'; readonly visitor: Visitor; readonly endpoint: string; readonly ticket: string };

export interface DecisionDeps extends AdmissionRules {
  readonly codes: OneTimeCodes<Principal>;
  readonly signer: TicketSigner;
  readonly resumer: Resumer;
  readonly log: Logger;
}

/** The same for a request, an upgrade and a question of Traefik. @throws KubeError when a desktop could not be resumed */
export async function decideDoor(request: BrowserRequest, deps: DecisionDeps): Promise<DoorDecision> {
  const asPage = isNavigation(request);
  const refuse = (refusal: Refusal): DoorDecision => answered(refusalAnswer(refusal, { asPage }));
  if (!isWellFormed(request)) return refuse(badRequest);
  const path = pathOf(request);
  if (path === ownPaths.enter) return answered(enter(request, deps));
  if (path === ownPaths.progressScript) return answered(progressScript());
  if (isOwnPath(path) && path !== ownPaths.progress) return refuse(nothingHere(deps.hosts.dashboard));

  const admission = admit(request, deps);
  if (admission.kind === 'refused') return refuse(admission.refusal);
  if (admission.kind === 'signedOut') {
    return asPage && !isLookingAhead(request) ? answered(redirect(admission.openAddress)) : refuse(admission.refusal);
  }
  const { visitor } = admission;
  if (path === ownPaths.progress && !request.isUpgrade) return { kind: 'progress', visitor };
  return (await withoutDesktop(request, visitor, deps)) ?? (await passage(visitor, deps)) ?? refuse(unreachable);
}

/** A target that names no other server, and a method that has an answer. */
function isWellFormed({ method, target, isUpgrade, headers }: BrowserRequest): boolean {
  if (!target.startsWith('/') || method === 'TRACE' || method === 'CONNECT') return false;
  if (isUpgrade) return method === 'GET' && headers['sec-websocket-version'] === '13';
  // No browser sends a body with these, and two servers may disagree on where it ends.
  const hasBody = headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
  return !hasBody || (method !== 'GET' && method !== 'HEAD');
}

/** What to show while there is no desktop behind the door; visiting a suspended one brings it back. */
async function withoutDesktop(
  request: BrowserRequest,
  visitor: Visitor,
  { resumer, hosts }: DecisionDeps,
): Promise<DoorDecision | undefined> {
  const state = sessionState(visitor.session);
  const refusal = refusalOfState(state, hosts.dashboard);
  if (refusal === undefined) return undefined;
  const isVisit = isNavigation(request) && request.method === 'GET' && !isLookingAhead(request);
  const isOnItsWay =
    isVisit && (state.kind === 'starting' || (state.kind === 'suspended' && (await resumer.resume(visitor))));
  if (isOnItsWay) return answered(progressPage(progressOf(visitor.session)));
  return answered(refusalAnswer(refusal, { asPage: isNavigation(request) }));
}

/** A ticket and the way to the desktop; `undefined` when it has no address. */
async function passage(visitor: Visitor, { catalog, signer, log }: DecisionDeps): Promise<DoorDecision | undefined> {
  const { principal, session, role } = visitor;
  const { namespace, name, uid = '' } = session.metadata;
  const endpoint = await catalog.podEndpoint(session).catch((error: unknown) => {
    log.warn({ session: `${namespace}/${name}`, err: error }, 'Could not find out the address of a desktop');
    return undefined;
  });
  if (endpoint === undefined) return undefined;
  const ticket = await signer.sign({ audience: uid, user: principal.user, role });
  return { kind: 'pass', visitor, endpoint, ticket };
}

function answered(answer: DoorAnswer): DoorDecision {
  return { kind: 'answer', answer };
}
