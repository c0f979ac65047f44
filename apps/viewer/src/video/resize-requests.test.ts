import { describe, expect, it } from 'vitest';
import { answered, answerWithinMs, asked, measured, resizeStep, settleMs } from './resize-requests.ts';

const small = { width: 800, height: 600 };
const large = { width: 1600, height: 900 };

describe('resize requests', () => {
  it('asks for nothing before anything was measured', () => {
    expect(resizeStep({}, 0)).toEqual({ kind: 'nothing' });
  });

  it('waits until the size has settled', () => {
    const requests = measured({}, small, 1_000);
    expect(resizeStep(requests, 1_050)).toEqual({ kind: 'wait', milliseconds: settleMs - 50 });
    expect(resizeStep(requests, 1_000 + settleMs)).toEqual({ kind: 'ask', size: small });
  });

  it('starts the wait anew with each size, and not when the same one is measured again', () => {
    const dragged = measured(measured({}, small, 1_000), large, 1_100);
    expect(resizeStep(measured(dragged, large, 1_190), 1_200)).toEqual({ kind: 'wait', milliseconds: settleMs - 100 });
  });

  it('does not ask twice for one size', () => {
    const requests = asked(measured({}, small, 0), small, 500);
    expect(resizeStep(requests, 10_000)).toEqual({ kind: 'nothing' });
  });

  it('waits for the answer to the last request', () => {
    const requests = measured(asked(measured({}, small, 0), small, 500), large, 600);
    expect(resizeStep(requests, 1_000)).toEqual({ kind: 'wait', milliseconds: answerWithinMs - 500 });
    expect(resizeStep(answered(requests), 1_000)).toEqual({ kind: 'ask', size: large });
  });

  it('does not wait for ever for a desktop that keeps its size', () => {
    const requests = measured(asked(measured({}, small, 0), small, 500), large, 600);
    expect(resizeStep(requests, 500 + answerWithinMs)).toEqual({ kind: 'ask', size: large });
  });
});
