import type { ReactNode } from 'react';
import styles from './template-icon.module.css';

/** Our icon set: strokes on a grid of 24, in the colour of the text. */
const strokes: Readonly<Record<string, string>> = {
  desktop: 'M3 5h18v11H3zM9 20h6M12 16v4',
  firefox: 'M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM3 12h18M12 3c3 3 3.6 6 3.6 9s-.6 6-3.6 9c-3-3-3.6-6-3.6-9S9 6 12 3z',
  terminal: 'M3 5h18v14H3zM7 9.5l3 2.5-3 2.5M12.5 15H17',
  files: 'M3 6h6l2 2.5h10V19H3z',
  editor: 'M5 4h14v16H5zM8.5 9h7M8.5 12.5h7M8.5 16h4',
  code: 'M8 8l-4 4 4 4M16 8l4 4-4 4M13.5 5.5l-3 13',
  gpu: 'M6 6h12v12H6zM10 10h4v4h-4zM9 3v3M15 3v3M9 18v3M15 18v3M3 9h3M3 15h3M18 9h3M18 15h3',
};

/** The icon of a template by its file name; a monogram where the name is not in the set. No icon is fetched from elsewhere. */
export function TemplateIcon({ icon, name }: { readonly icon: string | undefined; readonly name: string }): ReactNode {
  const path = strokes[(icon ?? '').replace(/\.svg$/, '')];
  return (
    <span className={styles['icon']} data-hue={hue(name)} aria-hidden="true">
      {path === undefined ? (
        name.trim().slice(0, 1).toUpperCase()
      ) : (
        <svg viewBox="0 0 24 24" width="22" height="22" fill="none" stroke="currentColor" strokeWidth="1.6">
          <path d={path} strokeLinecap="round" strokeLinejoin="round" />
        </svg>
      )}
    </span>
  );
}

/** One of six colours, always the same for a name. */
function hue(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 9973;
  return sum % 6;
}
