import {
  type Condition,
  type ConditionType,
  type ConditionUpdate,
  findCondition,
  type ReasonOf,
  reasons,
} from '@vdi/api';

/** What is concluded about one condition: its reason decides its status. */
export interface Conclusion<Type extends ConditionType> {
  readonly reason: ReasonOf<Type>;
  /** For people: what is the case, why, and what to do. */
  readonly message: string;
}

/** The condition that follows from a conclusion. */
export function conditionOf<Type extends ConditionType>(
  type: Type,
  { reason, message }: Conclusion<Type>,
  observedGeneration: number | undefined,
): ConditionUpdate {
  const { status } = (reasons[type] as Readonly<Record<string, { readonly status: Condition['status'] }>>)[
    reason as string
  ] ?? { status: 'Unknown' };
  const generation = observedGeneration === undefined ? {} : { observedGeneration };
  return { type, status, reason, message, ...generation } as ConditionUpdate;
}

/** Whether the condition was last concluded with this reason. */
export function hasReason<Type extends ConditionType>(
  conditions: readonly Condition[] | undefined,
  type: Type,
  ...oneOf: readonly ReasonOf<Type>[]
): boolean {
  const stored = findCondition(conditions, type)?.reason;
  return oneOf.some((reason) => reason === stored);
}

/** Whether the condition holds with that reason. */
export function isTrueReason<Type extends ConditionType>(type: Type, reason: ReasonOf<Type>): boolean {
  return conditionOf(type, { reason, message: '' }, undefined).status === 'True';
}
