import { describe, expect, it } from 'vitest';
import { type Finger, longPress, noTouch, touch, type TouchAction, type TouchEventKind } from './touch-gesture.ts';

type Step = readonly [TouchEventKind, Finger] | 'long press';

const first = (x: number, y: number): Finger => ({ id: 1, x, y });
const second = (x: number, y: number): Finger => ({ id: 2, x, y });

/** All actions of a sequence of events. */
function perform(...steps: readonly Step[]): { readonly actions: readonly TouchAction[]; readonly ends: string } {
  let state = noTouch;
  const actions: TouchAction[] = [];
  for (const step of steps) {
    const next = step === 'long press' ? longPress(state) : touch(state, ...step);
    state = next.state;
    actions.push(...next.actions);
  }
  return { actions, ends: state.kind };
}

describe('touch gestures', () => {
  it('make a click of a tap, where the finger came down', () => {
    expect(perform(['down', first(10, 20)], ['move', first(13, 22)], ['up', first(14, 22)])).toEqual({
      actions: [
        { kind: 'move', x: 10, y: 20 },
        { kind: 'press', button: 0, x: 10, y: 20 },
        { kind: 'release', button: 0, x: 10, y: 20 },
      ],
      ends: 'idle',
    });
  });

  it('make a drag of a finger that moves, from where it came down', () => {
    expect(
      perform(['down', first(10, 20)], ['move', first(40, 20)], ['move', first(60, 25)], ['up', first(61, 25)]),
    ).toEqual({
      actions: [
        { kind: 'press', button: 0, x: 10, y: 20 },
        { kind: 'move', x: 40, y: 20 },
        { kind: 'move', x: 60, y: 25 },
        { kind: 'release', button: 0, x: 61, y: 25 },
      ],
      ends: 'idle',
    });
  });

  it('make a right click of a finger that stays, and nothing of its leaving', () => {
    expect(perform(['down', first(10, 20)], 'long press', ['move', first(90, 20)], ['up', first(90, 20)])).toEqual({
      actions: [
        { kind: 'move', x: 10, y: 20 },
        { kind: 'press', button: 2, x: 10, y: 20 },
        { kind: 'release', button: 2, x: 10, y: 20 },
      ],
      ends: 'idle',
    });
  });

  it('ignore the clock of a finger that moves already', () => {
    expect(perform(['down', first(0, 0)], ['move', first(50, 0)], 'long press').ends).toBe('dragging');
  });

  it('scroll with two fingers, so that the content follows them', () => {
    const { actions, ends } = perform(
      ['down', first(100, 100)],
      ['down', second(200, 100)],
      ['move', first(100, 140)],
      ['move', second(200, 140)],
      ['up', first(100, 140)],
      ['up', second(200, 140)],
    );
    expect(actions).toEqual([
      { kind: 'scroll', dx: 0, dy: -20, x: 150, y: 120 },
      { kind: 'scroll', dx: 0, dy: -20, x: 150, y: 140 },
    ]);
    expect(ends).toBe('idle');
  });

  it('let go of what is dragged when a second finger comes, and press nothing until all have left', () => {
    const { actions, ends } = perform(
      ['down', first(0, 0)],
      ['move', first(50, 0)],
      ['down', second(90, 0)],
      ['move', second(190, 0)],
      ['up', second(190, 0)],
      ['up', first(50, 0)],
    );
    expect(actions.filter(({ kind }) => kind === 'release')).toHaveLength(1);
    expect(actions.at(-1)).toEqual({ kind: 'release', button: 0, x: 50, y: 0 });
    expect(ends).toBe('idle');
  });

  it('press nothing when the system takes the finger away, and release what was pressed', () => {
    expect(perform(['down', first(0, 0)], ['cancel', first(0, 0)])).toEqual({ actions: [], ends: 'idle' });
    expect(perform(['down', first(0, 0)], ['move', first(50, 0)], ['cancel', first(50, 0)]).actions.at(-1)).toEqual({
      kind: 'release',
      button: 0,
      x: 50,
      y: 0,
    });
  });
});
