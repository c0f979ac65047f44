import type { Template } from './template.ts';

/** What somebody looks for. */
export interface TemplateFilter {
  readonly text: string;
  readonly tag: string | undefined;
}

/** The templates that hold every word of the text somewhere, and the tag. */
export function matchingTemplates(templates: readonly Template[], filter: TemplateFilter): readonly Template[] {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean);
  return templates.filter((template) => {
    const haystack = [template.displayName, template.name, template.description ?? '', ...template.tags]
      .join(' ')
      .toLowerCase();
    const hasTag = filter.tag === undefined || template.tags.includes(filter.tag);
    return hasTag && words.every((word) => haystack.includes(word));
  });
}

/** Every tag once: those that most templates carry first. */
export function templateTags(templates: readonly Template[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const tag of templates.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  return [...counts].sort(([a, m], [b, n]) => n - m || a.localeCompare(b)).map(([tag]) => tag);
}
