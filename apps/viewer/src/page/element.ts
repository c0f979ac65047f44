type Child = Node | string | undefined | false;

/** What to set on a new element. */
export interface ElementOptions {
  readonly class?: string;
  readonly text?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly click?: (event: MouseEvent) => void;
}

/** A new element. Text is always text: nothing here parses HTML. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  options: ElementOptions = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const created = document.createElement(tag);
  if (options.class) created.className = options.class;
  if (options.text !== undefined) created.textContent = options.text;
  for (const [name, value] of Object.entries(options.attributes ?? {})) created.setAttribute(name, value);
  const { click } = options;
  if (click) created.addEventListener('click', (event) => click(event as MouseEvent));
  created.append(...children.filter((child) => child !== undefined && child !== false));
  return created;
}

/** A button that never submits a form. */
export function button(label: string, click: () => void, options: ElementOptions = {}): HTMLButtonElement {
  return element('button', {
    ...options,
    text: label,
    click,
    attributes: { type: 'button', ...options.attributes },
  });
}
