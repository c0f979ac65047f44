import type { Role } from '@vdi/protocol';

/** Who drives: one controller at a time, and who waits for it. Immutable; every change answers a new state. */
export interface ControlState {
  readonly controller: string | null;
  /** First come first. */
  readonly requests: readonly string[];
}

export interface Seat {
  readonly viewer: string;
  readonly role: Role;
}

export type ControlAction =
  | { readonly action: 'request' | 'take' | 'release' }
  | { readonly action: 'give'; readonly to: string | undefined };

export const nobodyControls: ControlState = { controller: null, requests: [] };

export function mayControl(role: Role): boolean {
  return role !== 'view';
}

/** A newcomer drives when nobody does. */
export function seated(state: ControlState, seat: Seat): ControlState {
  return state.controller === null && mayControl(seat.role) ? { ...state, controller: seat.viewer } : state;
}

/** After a viewer left, or lost the right to drive. */
export function unseated(state: ControlState, viewer: string): ControlState {
  const requests = state.requests.filter((waiting) => waiting !== viewer);
  return state.controller === viewer ? handOver(requests) : { ...state, requests };
}

/**
 * What `by` asked for. Requesting is for everybody who may drive; taking is the owner's, and anybody's while nobody
 * drives (otherwise it counts as a request); giving is the controller's and the owner's; releasing the controller's.
 * What is not allowed changes nothing.
 */
export function decideControl(
  state: ControlState,
  by: Seat,
  asked: ControlAction,
  seats: readonly Seat[],
): ControlState {
  if (!mayControl(by.role)) return state;
  const isController = state.controller === by.viewer;
  const isOwner = by.role === 'owner';
  if (asked.action === 'release') return isController ? handOver(state.requests) : state;
  if (asked.action === 'give') {
    const receiver = seats.find(({ viewer }) => viewer === asked.to);
    const isAllowed = (isController || isOwner) && receiver !== undefined && mayControl(receiver.role);
    return isAllowed ? given(state, receiver.viewer) : state;
  }
  return asked.action === 'take' && isOwner ? given(state, by.viewer) : requested(state, by);
}

function requested(state: ControlState, by: Seat): ControlState {
  if (state.controller === null) return given(state, by.viewer);
  if (state.controller === by.viewer || state.requests.includes(by.viewer)) return state;
  return { ...state, requests: [...state.requests, by.viewer] };
}

function given(state: ControlState, to: string): ControlState {
  return { controller: to, requests: state.requests.filter((waiting) => waiting !== to) };
}

function handOver(requests: readonly string[]): ControlState {
  const [next, ...others] = requests;
  return next === undefined ? nobodyControls : { controller: next, requests: others };
}
