/** Chromium's Keyboard Lock (WICG): in full screen, keys such as Alt+Tab and Escape go to the page. */
interface LockableKeyboard {
  lock(): Promise<void>;
  unlock(): void;
}

function keyboard(): LockableKeyboard | undefined {
  return (navigator as Navigator & { readonly keyboard?: LockableKeyboard }).keyboard;
}

export function isFullScreen(): boolean {
  return document.fullscreenElement !== null;
}

/** iPhones show no page in full screen. */
export function canFullScreen(): boolean {
  return document.fullscreenEnabled;
}

/** Enters full screen with all keys for the desktop, or leaves it. */
export async function toggleFullScreen(): Promise<void> {
  if (isFullScreen()) {
    keyboard()?.unlock();
    await document.exitFullscreen();
    return;
  }
  await document.documentElement.requestFullscreen({ navigationUI: 'hide' });
  // Where the lock is refused, full screen is still what was asked for.
  await keyboard()
    ?.lock()
    .catch(() => undefined);
}
