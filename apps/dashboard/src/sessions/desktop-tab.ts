/** A tab that waits for the address of a desktop. */
export interface DesktopTab {
  /** The browser opened none: people have it so, or it was no press of a button. */
  readonly isHeldBack: boolean;
  show(desktop: { readonly namespace: string; readonly name: string }): void;
  /** Nothing came of it. */
  close(): void;
}

/**
 * Opens the tab at once: browsers let a press of a button open one, not an answer that comes later. Where it is held back
 * all the same, the desktop's page opens it in the dashboard's own tab.
 */
export function openDesktopTab(): DesktopTab {
  const tab = open('about:blank', '_blank');
  if (tab !== null) showBlank(tab.document);
  // What is shown there may not steer this page.
  if (tab !== null) tab.opener = null;
  return {
    isHeldBack: tab === null,
    show: (desktop) => tab?.location.replace(new URL(openAddress(desktop), location.href)),
    close: () => tab?.close(),
  };
}

/** Until the address is there: an empty page in the colours of this one, rather than a white flash in a dark room. */
function showBlank(blank: Document): void {
  blank.title = 'Starting…';
  blank.documentElement.style.background = getComputedStyle(document.body).backgroundColor;
}

/** Where the gateway lets somebody into a desktop, or shows its start. */
export function openAddress({ namespace, name }: { readonly namespace: string; readonly name: string }): string {
  return `/open/${encodeURIComponent(namespace)}/${encodeURIComponent(name)}`;
}
