import { element } from '../page/element.ts';
import { type MenuSection, sectionElement } from './menu-section.ts';
import type { ViewerSnapshot } from '../viewer-snapshot.ts';

export interface Choice<Value extends string> {
  readonly heading: string;
  readonly options: readonly { readonly value: Value; readonly label: string; readonly hint: string }[];
  readonly current: (snapshot: ViewerSnapshot) => Value;
  choose(value: Value): void;
}

/** One of several settings, as radio buttons. */
export function createChoiceSection<Value extends string>(choice: Choice<Value>): MenuSection {
  const inputs = new Map<Value, HTMLInputElement>();
  const name = choice.heading.toLowerCase().replaceAll(' ', '-');
  const rows = choice.options.map(({ value, label, hint }) => {
    const input = element('input', { attributes: { type: 'radio', name, value } });
    input.addEventListener('change', () => choice.choose(value));
    inputs.set(value, input);
    const words = element('span', {}, element('span', { text: label }), element('small', { text: hint }));
    return element('label', { class: 'menu-choice' }, input, words);
  });
  const group = element('div', { attributes: { role: 'radiogroup', 'aria-label': choice.heading } }, ...rows);
  return {
    element: sectionElement(choice.heading, group),
    update(snapshot) {
      const input = inputs.get(choice.current(snapshot));
      if (input) input.checked = true;
    },
  };
}
