import { useEffect } from 'react';

const siteTitle = 'Desktops';

/** Names the page in the browser's tab and history, as long as it is shown. */
export function usePageTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · ${siteTitle}`;
    return () => void (document.title = siteTitle);
  }, [title]);
}
