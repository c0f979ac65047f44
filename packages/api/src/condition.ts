import { choice, integer, keyedList, optional, section, text, timestamp } from './schema/field.ts';
import type { ValueOf } from './schema/kind.ts';
import type { ConditionType, ReasonOf } from './reasons.ts';

const conditionStatuses = ['True', 'False', 'Unknown'] as const;

/** Schema of a list of conditions, with the fields and bounds of `metav1.Condition`. */
export const conditionList = keyedList(
  'What holds and what does not, each with a reason and a message that says what to do..',
  section('One condition.', {
    type: text('Name of the condition.', { maxLength: 316, pattern: '^[A-Za-z0-9]([-A-Za-z0-9_./]*[A-Za-z0-9])?$' }),
    status: choice(conditionStatuses, 'Whether the condition holds.'),
    reason: text('Why, as one word for programs.', {
      minLength: 1,
      maxLength: 128,
      pattern: '^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$',
    }),
    message: text('Why, for people, and what to do about it.', { maxLength: 4096 }),
    lastTransitionTime: timestamp('When `status` last changed.'),
    observedGeneration: optional(integer('The generation of the object that this was concluded from.')),
  }),
  { keys: ['type'], maxItems: 16 },
);

/** A condition as stored, ours or another writer's. */
export type Condition = ValueOf<typeof conditionList>[number];

/** A conclusion of ours, before it is known whether it is news. A reason belongs to its condition type. */
export type ConditionUpdate = {
  readonly [Type in ConditionType]: {
    readonly type: Type;
    readonly status: Condition['status'];
    readonly reason: ReasonOf<Type>;
    readonly message: string;
    readonly observedGeneration?: number;
  };
}[ConditionType];

/**
 * The list with `update` in it. `lastTransitionTime` moves to `now` only when the status differs from the stored one;
 * a condition keeps its place in the list, so that an unchanged conclusion gives an equal list.
 */
export function setCondition(
  conditions: readonly Condition[] = [],
  update: ConditionUpdate,
  now: Date,
): readonly Condition[] {
  const stored = conditions.find(({ type }) => type === update.type);
  const lastTransitionTime = stored?.status === update.status ? stored.lastTransitionTime : toTimestamp(now);
  const next: Condition = { ...update, lastTransitionTime };
  return stored === undefined
    ? [...conditions, next]
    : conditions.map((condition) => (condition === stored ? next : condition));
}

/** The condition of that type, if it has been concluded yet. */
export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: ConditionType,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

/** Whether the condition is known to hold. */
export function isTrue(conditions: readonly Condition[] | undefined, type: ConditionType): boolean {
  return findCondition(conditions, type)?.status === 'True';
}

/** `metav1.Time` has whole seconds; other precision would make every comparison with a stored object fail. */
function toTimestamp(now: Date): string {
  return now.toISOString().replace(/\.\d{3}Z$/, 'Z');
}
