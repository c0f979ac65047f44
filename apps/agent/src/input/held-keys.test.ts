import { createDrivenClock } from '@vdi/testing';
import { describe, expect, it } from 'vitest';
import { HeldKeys } from './held-keys.ts';

function someHeldKeys() {
  const clock = createDrivenClock(new Date(0));
  const released: string[] = [];
  const nowMs = () => clock.now().getTime();
  const keys: HeldKeys = new HeldKeys(
    { nowMs, timeOrigin: 0, date: () => clock.now(), after: (delayMs, callback) => clock.after(delayMs, callback) },
    (code) => {
      released.push(`${code} at ${nowMs()}`);
      keys.released(code);
    },
  );
  return { clock, keys, released };
}

describe('held keys', () => {
  it('are released two seconds after the last word of them, each on its own', async () => {
    const { clock, keys, released } = someHeldKeys();
    keys.pressed('KeyA');
    await clock.advance(500);
    keys.pressed('KeyB');
    await clock.advance(5000);
    expect(released).toEqual(['KeyA at 2000', 'KeyB at 2500']);
    expect(clock.pending).toBe(0);
  });

  it('stay down as long as the viewer says so', async () => {
    const { clock, keys, released } = someHeldKeys();
    keys.pressed('KeyA');
    for (let second = 0; second < 10; second += 1) {
      await clock.advance(1000);
      keys.heard(['KeyA', 'KeyZ']);
    }
    expect(released).toEqual([]);
  });

  it('are released at once when the viewer no longer names them', async () => {
    const { clock, keys, released } = someHeldKeys();
    keys.pressed('KeyA');
    keys.pressed('KeyB');
    await clock.advance(1000);
    keys.heard(['KeyB']);
    expect(released).toEqual(['KeyA at 1000']);
  });
});
