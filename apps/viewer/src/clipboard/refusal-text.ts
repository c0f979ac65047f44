import type { ClipboardRefusal } from '@vdi/protocol';

/** What people read when a clipboard did not get through. */
export function refusalText({ direction, reason }: ClipboardRefusal): string {
  if (reason === 'policy') {
    return direction === 'in'
      ? 'Not pasted: this desktop takes nothing from the clipboard of your computer.'
      : 'Not copied: nothing leaves this desktop by the clipboard.';
  }
  const isIn = direction === 'in';
  return `Not ${isIn ? 'pasted' : 'copied'}: the clipboard holds more than 2 MB. ${isIn ? 'Copy less at once' : 'Copy less at once on the desktop'}.`;
}
