import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

/** The element that holds the page, below what all pages share. */
export const contentId = 'content';

/** Moves the focus to a new page, as a load of it would: what had it is gone, and screen readers begin there. */
export function FocusOnNavigation(): ReactNode {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const last = useRef(path);
  useEffect(() => {
    if (last.current !== path) document.querySelector<HTMLElement>(`#${contentId}`)?.focus({ preventScroll: true });
    last.current = path;
  }, [path]);
  return null;
}
