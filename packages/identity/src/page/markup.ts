/** Text that is markup already. Made by `markup` only, so that everything else is escaped. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Markup with escaped values: `` markup`<p>${name}</p>` ``. */
export function markup(parts: TemplateStringsArray, ...values: readonly (string | number | Markup)[]): Markup {
  return new Markup(
    parts.map((part, index) => part + (index < values.length ? escaped(values[index] ?? '') : '')).join(''),
  );
}

function escaped(value: string | number | Markup): string {
  if (value instanceof Markup) return value.text;
  return String(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? '');
}
