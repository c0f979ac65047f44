import type { CommandKey } from '../input/keyboard-state.ts';
import type { Resolution } from '../video/desired-viewport.ts';

/** Choices that this browser remembers for this desktop. */
export interface Preferences {
  readonly resolution?: Resolution;
  readonly commandKey?: CommandKey;
}

const storageKey = 'vdi.viewer';

/** What is stored may be anything: from another version, or from a person who looked into it. */
export function parsePreferences(stored: string | null): Preferences {
  let value: unknown;
  try {
    value = JSON.parse(stored ?? 'null');
  } catch {
    // Not ours, or damaged: as if there were none.
    return {};
  }
  if (typeof value !== 'object' || value === null) return {};
  const { resolution, commandKey } = value as Record<string, unknown>;
  return {
    ...((resolution === 'sharp' || resolution === 'large' || resolution === 'light') && { resolution }),
    ...((commandKey === 'control' || commandKey === 'super') && { commandKey }),
  };
}

export function loadPreferences(): Preferences {
  try {
    return parsePreferences(localStorage.getItem(storageKey));
  } catch {
    // Storage is switched off in this browser.
    return {};
  }
}

export function savePreferences(preferences: Preferences): void {
  try {
    localStorage.setItem(storageKey, JSON.stringify(preferences));
  } catch {
    // Full or switched off: the choices last as long as the page.
  }
}
