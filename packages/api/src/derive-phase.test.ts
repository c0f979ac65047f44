import { describe, expect, it } from 'vitest';
import { setCondition, type Condition, type ConditionUpdate } from './condition.ts';
import { derivePhase, isLeaving } from './derive-phase.ts';
import { meaningOf, reasons } from './reasons.ts';
import type { VDISession } from './vdisession.ts';

const accepted: ConditionUpdate = { type: 'Accepted', status: 'True', reason: 'Accepted', message: '' };
const refused = (
  reason: 'TemplateNotFound' | 'QuotaExceeded' | 'ImageHasNoDesktop' | 'AccessDenied',
): ConditionUpdate => ({
  type: 'Accepted',
  status: 'False',
  reason,
  message: '',
});
const notReady = (
  reason:
    | 'Starting'
    | 'Suspending'
    | 'Suspended'
    | 'OutsideSchedule'
    | 'Expired'
    | 'StartDeadlineExceeded'
    | 'BackingOff',
): ConditionUpdate => ({
  type: 'Ready',
  status: 'False',
  reason,
  message: '',
});
const ready: ConditionUpdate = { type: 'Ready', status: 'True', reason: 'Ready', message: '' };
const homeLost: ConditionUpdate = { type: 'HomeReady', status: 'False', reason: 'HomeLost', message: '' };
const homePending: ConditionUpdate = { type: 'HomeReady', status: 'False', reason: 'HomePending', message: '' };

function sessionWith(
  updates: readonly ConditionUpdate[],
  deletionTimestamp?: string,
): Pick<VDISession, 'metadata' | 'status'> {
  const conditions = updates.reduce<readonly Condition[]>(
    (list, update) => setCondition(list, update, new Date(0)),
    [],
  );
  return {
    metadata: { name: 'alice', ...(deletionTimestamp !== undefined && { deletionTimestamp }) },
    status: { conditions },
  };
}

describe('the phase of a session', () => {
  it.each([
    ['Pending', 'has not been looked at', []],
    ['Pending', 'waits for its template', [refused('TemplateNotFound'), notReady('Starting')]],
    ['Pending', 'waits for quota', [refused('QuotaExceeded')]],
    ['Failed', 'has an image without desktop', [refused('ImageHasNoDesktop')]],
    ['Failed', 'is not allowed the template', [refused('AccessDenied')]],
    ['Creating', 'is accepted', [accepted]],
    ['Creating', 'waits for its home', [accepted, homePending]],
    ['Failed', 'has lost its home', [accepted, homeLost]],
    ['Creating', 'starts', [accepted, notReady('Starting')]],
    ['Creating', 'backs off after crashes', [accepted, notReady('BackingOff')]],
    ['Failed', 'did not start in time', [accepted, notReady('StartDeadlineExceeded')]],
    ['Running', 'is ready', [accepted, ready]],
    ['Running', 'is ready although its template is gone', [refused('TemplateNotFound'), ready]],
    ['Terminating', 'is being suspended', [accepted, notReady('Suspending')]],
    ['Suspended', 'is suspended', [accepted, notReady('Suspended')]],
    ['Suspended', 'is outside of its hours', [accepted, notReady('OutsideSchedule')]],
    ['Terminating', 'has expired', [accepted, notReady('Expired')]],
  ] as const)('is %s when it %s', (phase, _, conditions) => {
    expect(derivePhase(sessionWith(conditions))).toBe(phase);
  });

  it('is Terminating from the moment of deletion, ready or not', () => {
    expect(derivePhase(sessionWith([accepted, ready], '2026-01-02T10:00:00Z'))).toBe('Terminating');
  });

  it('tells a session that goes from one whose desktop is only being suspended', () => {
    expect(isLeaving(sessionWith([accepted, notReady('Suspending')]))).toBe(false);
    expect(isLeaving(sessionWith([accepted, notReady('Suspending')], '2026-01-02T10:00:00Z'))).toBe(true);
    expect(isLeaving(sessionWith([accepted, notReady('Expired')]))).toBe(true);
    expect(isLeaving(sessionWith([]))).toBe(false);
  });

  it('does not trip over reasons of a newer operator', () => {
    const conditions: readonly Condition[] = [
      {
        type: 'Ready',
        status: 'False',
        reason: 'constructor',
        message: '',
        lastTransitionTime: '1970-01-01T00:00:00Z',
      },
    ];
    expect(derivePhase({ metadata: { name: 'alice' }, status: { conditions } })).toBe('Pending');
    expect(meaningOf('toString', 'length')).toBeUndefined();
  });
});

describe('the catalogue of reasons', () => {
  const entries = Object.entries(reasons).flatMap(([type, byReason]) =>
    Object.entries(byReason).map(([reason, meaning]) => ({ type, reason, ...meaning })),
  );

  it.each(entries)('$type/$reason can be stored as a condition and reads as a sentence', ({ reason, meaning }) => {
    expect(reason).toMatch(/^[A-Z][A-Za-z]{0,127}$/);
    expect(meaning).toMatch(/^[A-Z`].*\.$/);
  });

  it('has a reason for every condition to be true and to be false', () => {
    for (const byReason of Object.values(reasons)) {
      const statuses = new Set(Object.values(byReason).map(({ status }) => status));
      expect(statuses).toContain('True');
      expect(statuses).toContain('False');
    }
  });
});
