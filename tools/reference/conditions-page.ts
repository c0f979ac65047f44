import { conditionMeanings, phases, reasons, timelineStages, type ConditionType, type ReasonMeaning } from '@vdi/api';
import { generatedNotice, table } from './markdown.ts';

/** The reference page of conditions, reasons, phases and timeline stages. */
export function conditionsPage(): string {
  const conditions = Object.entries(conditionMeanings).flatMap(([type, meaning]) => [
    `## ${type}`,
    meaning,
    reasonTable(reasons[type as ConditionType]),
  ]);
  return `${[
    generatedNotice,
    '# Conditions',
    'The operator says what it has concluded about a session in `status.conditions`. Each condition has a reason from this page and a message that says what to do. Programs decide by conditions; the phase is for people.',
    `Phases: \`${phases.join('`, `')}\`. \`Running\` means that \`Ready\` is true; \`Failed\` means that nothing more happens until somebody changes something, which is so for the reasons marked ✕.`,
    `Stages of \`status.timeline\`: \`${timelineStages.join('`, `')}\`.`,
    ...conditions,
  ].join('\n\n')}\n`;
}

function reasonTable(byReason: Readonly<Record<string, ReasonMeaning>>): string {
  return table(
    ['Reason', 'Status', 'Failure', 'Meaning'],
    Object.entries(byReason).map(([reason, { status, isFailure, meaning }]) => [
      `\`${reason}\``,
      status,
      isFailure === true ? '✕' : '',
      meaning,
    ]),
  );
}
