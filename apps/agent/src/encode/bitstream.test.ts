import { describe, expect, it } from 'vitest';
import { isKeyframe, nalTypes } from './bitstream.ts';

const start = [0, 0, 0, 1];
const accessUnit = (...types: number[]) => Buffer.from(types.flatMap((type) => [...start, 0x60 | type, 0x88, 0x80]));

describe('the bit stream', () => {
  it('is a keyframe of H.264 with an IDR slice, also behind other units', () => {
    expect(isKeyframe('h264', accessUnit(7, 8, 6, 5))).toBe(true);
    expect(isKeyframe('h264', accessUnit(9, 1))).toBe(false);
    expect(isKeyframe('h264', Buffer.from([0, 0, 1, 0x65, 1]))).toBe(true);
    expect(nalTypes(accessUnit(7, 8, 6, 5, 5))).toEqual([7, 8, 6, 5]);
  });

  it('is a keyframe of VP8 when its first bit says so', () => {
    expect(isKeyframe('vp8', Buffer.from([0x10, 0, 0]))).toBe(true);
    expect(isKeyframe('vp8', Buffer.from([0x11, 0, 0]))).toBe(false);
  });

  it('is nothing when it is empty or cut off', () => {
    expect([isKeyframe('h264', Buffer.alloc(0)), isKeyframe('vp8', Buffer.alloc(0))]).toEqual([false, false]);
    expect(nalTypes(Buffer.from([0, 0, 1]))).toEqual([]);
  });
});
