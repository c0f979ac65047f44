import { describe, expect, it } from 'vitest';
import { engineMessage } from './engine-error.ts';

describe('what the engine says', () => {
  it('is told without the words of its client', () => {
    expect(engineMessage(new Error('(HTTP code 500) server error - no such network '))).toBe('no such network');
    expect(engineMessage('gone')).toBe('gone');
  });

  it.each([
    'committing container: write /var/lib/x: no space left on device',
    'ENOSPC: No space left on device, write',
    'mkdir /home/x: disk quota exceeded',
  ])('says what to do where the disk is full: %s', (words) => {
    expect(engineMessage(new Error(`(HTTP code 500) server error - ${words}`))).toBe(
      `${words}; the disk is full: make room ("df -h" shows where), it is tried again`,
    );
  });
});
