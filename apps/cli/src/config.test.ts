import { homedir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { defaultStateDirectory } from './config.ts';

describe('the default state directory', () => {
  it.each([
    ['is below XDG_STATE_HOME', { XDG_STATE_HOME: '/var/state' }, '/var/state/vdi'],
    ['is in the home without it', {}, `${homedir()}/.local/state/vdi`],
    ['ignores a relative one, as the specification asks', { XDG_STATE_HOME: 'state' }, `${homedir()}/.local/state/vdi`],
    ['ignores an empty one', { XDG_STATE_HOME: '' }, `${homedir()}/.local/state/vdi`],
  ])('%s', (_what, env, expected) => {
    expect(defaultStateDirectory(env)).toBe(expected);
  });
});
