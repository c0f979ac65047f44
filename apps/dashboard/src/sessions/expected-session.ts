import { hostSlug, sessionName } from '@vdi/api';
import type { Session } from './session.ts';

const defaultNamespace = 'vdi-sessions';
const letters = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * What a press of Launch asks for, before anybody has answered. The name is drawn here, as the gateway would draw it, so
 * that the page of the desktop has its address at once.
 */
export function expectedSession(options: {
  readonly user: string;
  readonly template: string;
  readonly now: Date;
}): Session {
  const { user, template, now } = options;
  return {
    name: sessionName(hostSlug(user), randomLetters(5)),
    namespace: defaultNamespace,
    uid: '',
    creationTimestamp: now.toISOString(),
    isDeleting: false,
    spec: {
      user,
      template,
      displayName: undefined,
      resources: { gpu: undefined, memory: undefined, cpu: undefined },
      isPersistent: undefined,
      isSuspended: false,
    },
    status: {
      phase: 'Pending',
      message: undefined,
      startTime: undefined,
      url: undefined,
      node: undefined,
      encoder: undefined,
      viewers: 0,
      expiresAt: undefined,
      idleDeadline: undefined,
      conditions: [],
      timeline: [],
    },
  };
}

/** 252 is the largest multiple of 36 in a byte: what is above it would favour some letters. */
function randomLetters(count: number): string {
  const drawn: string[] = [];
  while (drawn.length < count) {
    const [byte = 255] = crypto.getRandomValues(new Uint8Array(1));
    if (byte < 252) drawn.push(letters.charAt(byte % letters.length));
  }
  return drawn.join('');
}
