/** Text that is markup already. Made by `html` only, so that everything else is escaped. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup with escaped values: `` html`<p>${name}</p>` ``. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number | Html)[]): Html {
  return new Html(
    parts.map((part, index) => part + (index < values.length ? escaped(values[index] ?? '') : '')).join(''),
  );
}

function escaped(value: string | number | Html): string {
  if (value instanceof Html) return value.markup;
  return String(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
