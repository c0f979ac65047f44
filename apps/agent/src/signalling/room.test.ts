import type { Ticket } from '@vdi/identity';
import { createLogger } from '@vdi/telemetry';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../clock.ts';
import { Room } from './room.ts';

/** Moves only when a test moves it. */
class DrivenClock implements Clock {
  readonly timeOrigin = Date.UTC(2030, 4, 4);
  #now = 0;
  #timers: { readonly due: number; readonly callback: () => void }[] = [];

  nowMs(): number {
    return this.#now;
  }

  date(): Date {
    return new Date(this.timeOrigin + this.#now);
  }

  after(delayMs: number, callback: () => void): () => void {
    const timer = { due: this.#now + delayMs, callback };
    this.#timers.push(timer);
    return () => (this.#timers = this.#timers.filter((kept) => kept !== timer));
  }

  advance(milliseconds: number): void {
    this.#now += milliseconds;
    const due = this.#timers.filter((timer) => timer.due <= this.#now);
    this.#timers = this.#timers.filter((timer) => timer.due > this.#now);
    for (const { callback } of due) callback();
  }
}

function aRoom(maximumViewers = 3) {
  const clock = new DrivenClock();
  const passed: number[] = [];
  const log = createLogger({ name: 'test', level: 'silent' });
  const room = new Room({ maximumViewers, clock, log, onControlPassed: () => passed.push(clock.nowMs()) });
  const ticket = (user: string, role: Ticket['role'] = 'owner', seconds = 60): Ticket => ({
    user,
    role,
    jti: crypto.randomUUID(),
    expiresAt: new Date(clock.date().getTime() + seconds * 1000),
  });
  return { clock, room, ticket, passed };
}

describe('a viewer', () => {
  it('is gone fifteen seconds after its ticket expired', () => {
    const { clock, room, ticket } = aRoom();
    const viewer = room.enter(ticket('alice'), undefined)!;
    clock.advance(74_999);
    expect(viewer.isClosed).toBe(false);
    clock.advance(1);
    expect([viewer.isClosed, room.viewers]).toEqual([true, []]);
  });

  it('stays as long as its ticket is renewed, and a ticket that expires earlier takes nothing away', () => {
    const { clock, room, ticket } = aRoom();
    const viewer = room.enter(ticket('alice'), undefined)!;
    for (let renewal = 0; renewal < 20; renewal += 1) {
      clock.advance(30_000);
      room.renew(viewer, ticket('alice'));
    }
    room.renew(viewer, ticket('alice', 'owner', 1));
    clock.advance(74_999);
    expect(viewer.isClosed).toBe(false);
    clock.advance(1);
    expect(viewer.isClosed).toBe(true);
  });

  it('loses control at once with a lower role, and what it held is let go', () => {
    const { clock, room, ticket, passed } = aRoom();
    const viewer = room.enter(ticket('bob', 'control'), undefined)!;
    clock.advance(1000);
    expect(room.isController(viewer)).toBe(true);
    room.renew(viewer, ticket('bob', 'view'));
    expect([room.isController(viewer), passed]).toEqual([false, [0, 1000]]);
  });

  it('is found again by its own person only', () => {
    const { room, ticket } = aRoom();
    const viewer = room.enter(ticket('alice'), undefined)!;
    expect(room.enter(ticket('alice'), viewer.id)).toBe(viewer);
    expect(room.enter(ticket('eve'), viewer.id)).not.toBe(viewer);
    expect(room.viewers).toHaveLength(2);
  });
});

describe('a room', () => {
  it('that is full lets nobody in, but those back who are in it', () => {
    const { room, ticket } = aRoom(2);
    const alice = room.enter(ticket('alice'), undefined)!;
    room.enter(ticket('bob', 'view'), undefined);
    expect(room.enter(ticket('carol'), undefined)).toBeUndefined();
    expect(room.enter(ticket('alice'), alice.id)).toBe(alice);
  });

  it('passes control to the next who may have it when its holder leaves', () => {
    const { clock, room, ticket } = aRoom();
    room.enter(ticket('alice', 'owner', 10), undefined);
    const dave = room.enter(ticket('dave', 'view'), undefined)!;
    const bob = room.enter(ticket('bob', 'control'), undefined)!;
    expect(room.isController(bob)).toBe(false);
    clock.advance(25_000);
    expect([room.isController(bob), room.isController(dave)]).toEqual([true, false]);
  });
});
