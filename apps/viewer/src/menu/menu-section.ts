import { element } from '../page/element.ts';
import type { ViewerSnapshot } from '../viewer-snapshot.ts';

/** A part of the menu. `update` is called when the menu opens and, while it is open, whenever something changed. */
export interface MenuSection {
  readonly element: HTMLElement;
  update(snapshot: ViewerSnapshot): void;
}

let sections = 0;

/** An element with a heading that names it. */
export function sectionElement(heading: string, ...children: readonly Node[]): HTMLElement {
  sections += 1;
  const id = `menu-heading-${sections}`;
  return element(
    'section',
    { class: 'menu-section', attributes: { 'aria-labelledby': id } },
    element('h2', { text: heading, attributes: { id } }),
    ...children,
  );
}
