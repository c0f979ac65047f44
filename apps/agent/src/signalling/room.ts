import { randomUUID } from 'node:crypto';
import type { Ticket } from '@vdi/identity';
import type { AgentControl, WarnRequest } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { Closing } from './closing.ts';
import {
  type ControlAction,
  type ControlState,
  decideControl,
  mayControl,
  nobodyControls,
  seated,
  unseated,
} from './control-desk.ts';
import { Viewer } from './viewer.ts';

export interface RoomOptions {
  readonly maximumViewers: number;
  readonly clock: Clock;
  readonly log: Logger;
  /** Control passed on: what the last controller held must be let go. */
  readonly onControlPassed: () => void;
}

/** Everybody who watches this desktop, and who of them drives. */
export class Room {
  readonly #options: RoomOptions;
  readonly #viewers = new Map<string, Viewer>();
  #control: ControlState = nobodyControls;
  #warning: WarnRequest | undefined;

  constructor(options: RoomOptions) {
    this.#options = options;
  }

  get viewers(): readonly Viewer[] {
    return [...this.#viewers.values()];
  }

  /**
   * The viewer that `ticket` opens: the one that `resume` names, when it is still here and the same person's, else a
   * new one. `undefined` when the room is full.
   */
  enter(ticket: Ticket, resume: string | undefined): Viewer | undefined {
    const resumed = resume === undefined ? undefined : this.find(resume, ticket.user);
    if (resumed !== undefined) {
      this.renew(resumed, ticket);
      return resumed;
    }
    const { maximumViewers, clock, log } = this.#options;
    if (this.#viewers.size >= maximumViewers) return undefined;
    const viewer = new Viewer({ id: randomUUID(), ticket, clock, log, left: (gone) => this.#left(gone) });
    this.#viewers.set(viewer.id, viewer);
    log.info({ viewer: viewer.id, user: viewer.user, role: viewer.role }, 'Viewer entered');
    this.#changeControl(seated(this.#control, seatOf(viewer)));
    return viewer;
  }

  /** `undefined` when there is none of that name, or it is another person's. */
  find(id: string, user: string): Viewer | undefined {
    const viewer = this.#viewers.get(id);
    return viewer?.user === user ? viewer : undefined;
  }

  /** Prolongs a viewer's stay. A lower role takes effect at once. */
  renew(viewer: Viewer, ticket: Ticket): void {
    const before = viewer.role;
    viewer.prolong(ticket);
    if (viewer.role === before) return;
    const next = mayControl(viewer.role) ? seated(this.#control, seatOf(viewer)) : unseated(this.#control, viewer.id);
    this.#options.log.info({ viewer: viewer.id, before, role: viewer.role }, 'Role changed');
    this.#changeControl(next);
    this.tellViewers();
  }

  /** Whether this viewer's input counts. */
  isController(viewer: Viewer): boolean {
    return this.#control.controller === viewer.id && mayControl(viewer.role);
  }

  ask(viewer: Viewer, action: ControlAction): void {
    const next = decideControl(this.#control, seatOf(viewer), action, this.viewers.map(seatOf));
    if (next === this.#control) return;
    this.#changeControl(next);
    this.tellViewers();
  }

  /** Who is here and who drives, to everybody. */
  tellViewers(): void {
    const message: AgentControl = {
      type: 'viewers',
      controller: this.#control.controller,
      viewers: this.viewers.map(({ id, user, role }) => ({ viewer: id, user, role })),
      requests: [...this.#control.requests],
    };
    for (const viewer of this.viewers) viewer.sendControl(message);
  }

  get warning(): WarnRequest | undefined {
    return this.#warning;
  }

  /** Tells everybody, and those who come later, that the desktop will stop. */
  warn(warning: WarnRequest): void {
    this.#warning = warning;
    for (const viewer of this.viewers) viewer.sendSignal({ type: 'warning', ...warning });
  }

  closeAll(closing: Closing): void {
    for (const viewer of this.viewers) viewer.close(closing);
  }

  #left(viewer: Viewer): void {
    this.#viewers.delete(viewer.id);
    this.#changeControl(this.#seatNext(unseated(this.#control, viewer.id)));
    this.tellViewers();
  }

  /** Nobody drives: the one who has been here longest and may, does. */
  #seatNext(state: ControlState): ControlState {
    return this.viewers.reduce((next, viewer) => seated(next, seatOf(viewer)), state);
  }

  #changeControl(next: ControlState): void {
    const hasPassed = next.controller !== this.#control.controller;
    this.#control = next;
    if (!hasPassed) return;
    this.#options.log.info({ controller: next.controller }, 'Control passed');
    this.#options.onControlPassed();
  }
}

function seatOf({ id, role }: Viewer): { readonly viewer: string; readonly role: Viewer['role'] } {
  return { viewer: id, role };
}
