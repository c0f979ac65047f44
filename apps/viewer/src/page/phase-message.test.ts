import { describe, expect, it } from 'vitest';
import type { ViewerPhase } from '../transport/viewer-phase.ts';
import { type PhaseMessage, phaseMessage } from './phase-message.ts';

const messageFor = (phase: ViewerPhase, hasPicture = true): PhaseMessage | undefined =>
  phaseMessage({ phase, hasPicture });

describe('phaseMessage', () => {
  it('says nothing over a live picture', () => {
    expect(messageFor({ name: 'streaming' })).toBeUndefined();
  });

  it('explains an obstacle only when it stays', () => {
    const at = (failures: number): string =>
      messageFor({ name: 'reconnecting', reason: 'media-blocked', failures })?.text ?? '';
    expect(at(1)).not.toContain('UDP');
    expect(at(3)).toContain('UDP');
  });

  it('offers to try now while it waits, and not while it tries', () => {
    const waiting = messageFor({ name: 'reconnecting', reason: 'network', failures: 2, retryAt: 5 });
    expect(waiting?.action).toEqual({ kind: 'retry', label: 'Try now' });
    expect(messageFor({ name: 'reconnecting', reason: 'network', failures: 2 })?.action).toBeUndefined();
  });

  it('lets the agent speak for itself', () => {
    const message = messageFor({ name: 'ended', reason: 'replaced', message: 'Opened on your phone.' });
    expect(message).toMatchObject({ title: 'Opened elsewhere', text: 'Opened on your phone.', isBusy: false });
  });

  it('does not speak of a loss before there was anything to lose', () => {
    const phase = { name: 'reconnecting', reason: 'network', failures: 1 } as const;
    expect(messageFor(phase, true)?.title).toBe('Connection lost');
    expect(messageFor(phase, false)?.title).toBe('Connecting to your desktop');
  });

  it('opens a stopped desktop by loading the page, which starts it', () => {
    const phase = { name: 'reconnecting', reason: 'not-running', failures: 3, retryAt: 5 } as const;
    expect(messageFor(phase)).toMatchObject({ action: { kind: 'reload' } });
  });

  it('offers no button where none can help', () => {
    expect(messageFor({ name: 'ended', reason: 'session-gone' })?.action).toBeUndefined();
  });
});
