import { decodeMessage, decodeMotion, isNewer, ViewerControl } from '@vdi/protocol';
import type { Logger } from '@vdi/telemetry';
import type { Clock } from '../clock.ts';
import type { Desktop } from '../display/desktop.ts';
import type { Launcher } from '../launch/launcher.ts';
import type { ClipboardFlow } from './clipboard-flow.ts';
import { closings } from './closing.ts';
import { MessageBudget } from './message-budget.ts';
import type { Room } from './room.ts';
import type { Viewer } from './viewer.ts';

export interface SteeringOptions {
  readonly viewer: Viewer;
  readonly room: Room;
  readonly desktop: Desktop;
  readonly clipboard: ClipboardFlow;
  readonly launcher: Launcher;
  readonly clock: Clock;
  readonly log: Logger;
  readonly requestKeyframe: () => void;
}

type Input = Extract<
  ViewerControl,
  { readonly type: 'key' | 'text' | 'held' | 'button' | 'wheel' | 'release-all' | 'resize' | 'clipboard' | 'launch' }
>;

/** A person types and scrolls; a program that sends more than this is not one. */
const controlRate = { burst: 2000, perSecond: 1000 };
const motionRate = { burst: 1000, perSecond: 2000 };

/** Turns one viewer's messages into input, as far as that viewer may: only the controller's counts. */
export class Steering {
  readonly #options: SteeringOptions;
  readonly #controlBudget = new MessageBudget(controlRate);
  readonly #motionBudget = new MessageBudget(motionRate);
  #lastMotion: number | undefined;
  #ignored = 0;

  constructor(options: SteeringOptions) {
    this.#options = options;
  }

  /** One message of the control channel; a wrong one ends the viewer. */
  control(text: string): void {
    const { viewer, log, clock } = this.#options;
    if (!this.#controlBudget.take(clock.nowMs())) {
      log.warn({ viewer: viewer.id }, 'Refused a flood of control messages');
      viewer.close(closings.badMessage);
      return;
    }
    let message: ViewerControl;
    try {
      message = decodeMessage(ViewerControl, text);
    } catch (error) {
      log.warn({ viewer: viewer.id, error: String(error) }, 'Refused a control message');
      viewer.close(closings.badMessage);
      return;
    }
    this.#obey(message);
  }

  /** One message of the motion channel; what is wrong, too much or too old is dropped. */
  motion(bytes: Uint8Array): void {
    const motion = decodeMotion(bytes);
    if (motion === undefined || !this.#motionBudget.take(this.#options.clock.nowMs())) return;
    if (this.#lastMotion !== undefined && !isNewer(motion.sequence, this.#lastMotion)) return;
    this.#lastMotion = motion.sequence;
    if (this.#counts('motion')) this.#options.desktop.input.motion(motion.x, motion.y);
  }

  #obey(message: ViewerControl): void {
    const { viewer, room, clock } = this.#options;
    switch (message.type) {
      case 'ping':
        viewer.sendControl({ type: 'pong', sentAt: message.sentAt, agentAt: clock.date().getTime() });
        return;
      case 'request-keyframe':
        this.#options.requestKeyframe();
        return;
      case 'control':
        room.ask(viewer, message.action === 'give' ? { action: 'give', to: message.to } : { action: message.action });
        return;
      case 'key':
      case 'text':
      case 'held':
      case 'button':
      case 'wheel':
      case 'release-all':
      case 'resize':
      case 'clipboard':
      case 'launch':
        if (this.#counts(message.type)) this.#input(message);
    }
  }

  #input(message: Input): void {
    const { desktop, clipboard, log, viewer } = this.#options;
    const { input } = desktop;
    switch (message.type) {
      case 'key':
        input.key(message.code, message.key, message.down);
        return;
      case 'text':
        input.text(message.text);
        return;
      case 'held':
        input.held(message.codes);
        return;
      case 'button':
        input.button(message.button, message.down, message.x, message.y);
        return;
      case 'wheel':
        input.wheel(message.dx, message.dy, message.x, message.y);
        return;
      case 'release-all':
        input.releaseAll();
        return;
      case 'resize':
        desktop.resize(message.viewport).catch((error: unknown) => {
          log.error({ viewer: viewer.id, error: String(error) }, 'Could not resize the screen');
        });
        return;
      case 'clipboard':
        clipboard.receive(message);
        return;
      case 'launch':
        void this.#launch(message.application);
    }
  }

  async #launch(application: string): Promise<void> {
    const { launcher, log, viewer } = this.#options;
    try {
      const outcome = await launcher.launch(application);
      log.info(
        { viewer: viewer.id, user: viewer.user, application, outcome },
        'Asked the desktop to start an application',
      );
      viewer.sendControl({ type: 'launched', application, outcome: outcome === 'unknown' ? 'failed' : outcome });
    } catch (error) {
      log.error({ application, error: String(error) }, 'Could not start an application');
      viewer.sendControl({ type: 'launched', application, outcome: 'failed' });
    }
  }

  /** Whether this viewer's input counts now. The first ignored one of a row is logged, not each. */
  #counts(type: string): boolean {
    const { room, viewer, log } = this.#options;
    if (room.isController(viewer)) {
      this.#ignored = 0;
      return true;
    }
    this.#ignored += 1;
    if (this.#ignored === 1) log.warn({ viewer: viewer.id, role: viewer.role, type }, 'Ignored input without control');
    return false;
  }
}
