import type { FirstPassword } from '@vdi/solo';

/** What the background process tells the one that started it, over Node's channel between parent and child. */
export type BackgroundMessage =
  | { readonly type: 'progress'; readonly step: string }
  | { readonly type: 'ready'; readonly url: string; readonly firstPasswords: readonly FirstPassword[] }
  | { readonly type: 'failed'; readonly explanation: string };

/** Tells the parent, if there is one that listens. */
export async function tellParent(message: BackgroundMessage): Promise<void> {
  if (process.send === undefined || !process.connected) return;
  await new Promise<void>((resolve) => {
    // A parent that went away while we started needs no news.
    process.send?.(message, undefined, undefined, () => resolve());
  });
}

/** The background process has explained itself already; its words are passed on as they are. */
export class BackgroundFailure extends Error {
  override readonly name = 'BackgroundFailure';
}
