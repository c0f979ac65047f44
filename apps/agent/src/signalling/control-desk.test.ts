import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ControlAction,
  type ControlState,
  decideControl,
  mayControl,
  nobodyControls,
  type Seat,
  seated,
  unseated,
} from './control-desk.ts';

const alice: Seat = { viewer: 'alice', role: 'owner' };
const bob: Seat = { viewer: 'bob', role: 'control' };
const carol: Seat = { viewer: 'carol', role: 'control' };
const dave: Seat = { viewer: 'dave', role: 'view' };
const seats = [alice, bob, carol, dave];
const bobDrives: ControlState = { controller: 'bob', requests: [] };
const decide = (state: ControlState, by: Seat, asked: ControlAction) => decideControl(state, by, asked, seats);

describe('control', () => {
  it('goes to the first who may have it', () => {
    expect(seated(nobodyControls, dave).controller).toBeNull();
    expect(seated(nobodyControls, bob).controller).toBe('bob');
    expect(seated(bobDrives, alice).controller).toBe('bob');
  });

  it('is waited for, first come first, each once', () => {
    const waiting = [carol, alice, carol].reduce<ControlState>(
      (state, by) => decide(state, by, { action: 'request' }),
      bobDrives,
    );
    expect(waiting).toEqual({ controller: 'bob', requests: ['carol', 'alice'] });
    expect(decide(waiting, bob, { action: 'release' })).toEqual({ controller: 'carol', requests: ['alice'] });
  });

  it('is taken by the owner, and only asked for by others', () => {
    expect(decide(bobDrives, alice, { action: 'take' }).controller).toBe('alice');
    expect(decide(bobDrives, carol, { action: 'take' })).toEqual({ controller: 'bob', requests: ['carol'] });
    expect(decide(nobodyControls, carol, { action: 'take' }).controller).toBe('carol');
  });

  it('is given by who has it or by the owner, to somebody who is here and may have it', () => {
    expect(decide(bobDrives, bob, { action: 'give', to: 'carol' }).controller).toBe('carol');
    expect(decide(bobDrives, alice, { action: 'give', to: 'carol' }).controller).toBe('carol');
    expect(decide(bobDrives, carol, { action: 'give', to: 'carol' })).toBe(bobDrives);
    expect(decide(bobDrives, bob, { action: 'give', to: 'dave' })).toBe(bobDrives);
    expect(decide(bobDrives, bob, { action: 'give', to: 'nobody' })).toBe(bobDrives);
  });

  it('passes on when its holder leaves, and a waiting viewer that leaves is forgotten', () => {
    expect(unseated({ controller: 'bob', requests: ['carol'] }, 'bob')).toEqual({ controller: 'carol', requests: [] });
    expect(unseated({ controller: 'bob', requests: ['carol'] }, 'carol')).toEqual(bobDrives);
    expect(unseated(bobDrives, 'bob')).toEqual(nobodyControls);
  });

  it('is never with somebody who may only watch, nor waited for by its holder, whatever is asked', () => {
    const action = fc.oneof(
      fc.record({ action: fc.constantFrom('request' as const, 'take' as const, 'release' as const) }),
      fc.record({ action: fc.constant('give' as const), to: fc.constantFrom('alice', 'bob', 'carol', 'dave', 'eve') }),
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...seats), action), { maxLength: 60 }), (asked) => {
        let state = nobodyControls;
        for (const [by, what] of asked) {
          state = decide(state, by, what);
          const holder = seats.find(({ viewer }) => viewer === state.controller);
          expect(state.controller === null || (holder !== undefined && mayControl(holder.role))).toBe(true);
          expect(state.requests).not.toContain(state.controller);
          expect(state.requests).not.toContain('dave');
          expect(new Set(state.requests).size).toBe(state.requests.length);
        }
      }),
    );
  });
});
