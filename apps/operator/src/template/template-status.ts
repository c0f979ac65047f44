import { setCondition, type VDITemplate, type VDITemplateStatus } from '@vdi/api';
import { conditionOf } from '../session/conclusion.ts';
import type { OperatorSettings } from '../settings.ts';
import { templateProblem } from './template-problem.ts';

/** Whether sessions of the template may start, for whoever writes templates. Sessions are told the same in their own status. */
export function templateStatus(template: VDITemplate, settings: OperatorSettings, now: Date): VDITemplateStatus {
  const { metadata, status } = template;
  const conclusion = templateProblem(template, settings) ?? {
    reason: 'Accepted',
    message: 'Sessions of this template may start.',
  };
  const { generation } = metadata;
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    conditions: [...setCondition(status?.conditions, conditionOf('Accepted', conclusion, generation), now)],
  };
}
