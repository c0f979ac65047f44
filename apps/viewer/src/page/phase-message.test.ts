import { describe, expect, it } from 'vitest';
import { phaseMessage } from './phase-message.ts';

describe('phaseMessage', () => {
  it('says nothing over a live picture', () => {
    expect(phaseMessage({ name: 'streaming' })).toBeUndefined();
  });

  it('explains an obstacle only when it stays', () => {
    const at = (failures: number): string =>
      phaseMessage({ name: 'reconnecting', reason: 'media-blocked', failures })?.text ?? '';
    expect(at(1)).not.toContain('UDP');
    expect(at(3)).toContain('UDP');
  });

  it('offers to try now while it waits, and not while it tries', () => {
    const waiting = phaseMessage({ name: 'reconnecting', reason: 'network', failures: 2, retryAt: 5 });
    expect(waiting?.action).toEqual({ kind: 'retry', label: 'Try now' });
    expect(phaseMessage({ name: 'reconnecting', reason: 'network', failures: 2 })?.action).toBeUndefined();
  });

  it('lets the agent speak for itself', () => {
    const message = phaseMessage({ name: 'ended', reason: 'replaced', message: 'Opened on your phone.' });
    expect(message).toMatchObject({ title: 'Opened elsewhere', text: 'Opened on your phone.', isBusy: false });
  });

  it('offers no button where none can help', () => {
    expect(phaseMessage({ name: 'ended', reason: 'session-gone' })?.action).toBeUndefined();
  });
});
