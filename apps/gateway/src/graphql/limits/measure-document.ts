import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

/** What an operation asks of the server, found without executing it. */
export interface DocumentMeasure {
  /** Fields within fields. */
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  /** Fields, each counted as often as it may be answered: those within a list many times. */
  readonly cost: number;
}

const nothing: DocumentMeasure = { depth: 0, aliases: 0, directives: 0, cost: 0 };

/** How many objects a list is taken to have. */
const listLength = 10;
const lists: ReadonlySet<string> = new Set([
  'vdiSessions',
  'vdiTemplates',
  'vdiUsers',
  'sessions',
  'conditions',
  'timeline',
  'applications',
  'labels',
  'shares',
]);

/**
 * Measures a parsed document that nobody has validated yet: fragments may be missing, or contain each other. Each fragment
 * is measured once, so that the effort grows with the length of the text alone.
 */
export function measureDocument(document: DocumentNode): DocumentMeasure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  }
  const measured = new Map<string, DocumentMeasure>();

  const ofFragment = (name: string): DocumentMeasure => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    // For fragments that contain themselves; validation refuses them later.
    measured.set(name, nothing);
    const definition = fragments.get(name);
    const measure = definition === undefined ? nothing : ofSelections(definition.selectionSet);
    measured.set(name, measure);
    return measure;
  };

  const ofSelections = (selectionSet: SelectionSetNode | undefined): DocumentMeasure =>
    (selectionSet?.selections ?? []).reduce((sum, selection) => {
      const directives = selection.directives?.length ?? 0;
      if (selection.kind !== Kind.FIELD) {
        const isSpread = selection.kind === Kind.FRAGMENT_SPREAD;
        const within = isSpread ? ofFragment(selection.name.value) : ofSelections(selection.selectionSet);
        return plus(sum, { ...within, directives: within.directives + directives });
      }
      const within = ofSelections(selection.selectionSet);
      const times = lists.has(selection.name.value) ? listLength : 1;
      return plus(sum, {
        depth: within.depth + 1,
        aliases: within.aliases + (selection.alias === undefined ? 0 : 1),
        directives: within.directives + directives,
        cost: 1 + within.cost * times,
      });
    }, nothing);

  return document.definitions.reduce<DocumentMeasure>((sum, definition) => {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) return plus(sum, onlyDepth(ofFragment(definition.name.value)));
    if (definition.kind !== Kind.OPERATION_DEFINITION) return sum;
    const directives = definition.directives?.length ?? 0;
    return plus(plus(sum, ofSelections(definition.selectionSet)), { ...nothing, directives });
  }, nothing);
}

/** A fragment that is used was counted where it is used; one that is not still has to be validated. */
function onlyDepth({ depth }: DocumentMeasure): DocumentMeasure {
  return { ...nothing, depth };
}

/** Side by side: the deeper one counts, the rest adds up. */
function plus(left: DocumentMeasure, right: DocumentMeasure): DocumentMeasure {
  return {
    depth: Math.max(left.depth, right.depth),
    aliases: left.aliases + right.aliases,
    directives: left.directives + right.directives,
    cost: left.cost + right.cost,
  };
}
