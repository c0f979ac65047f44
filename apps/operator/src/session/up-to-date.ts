import { annotations, parseQuantity } from '@vdi/api';
import type { Pod } from '@vdi/kube';
import type { Conclusion } from './conclusion.ts';
import { containerNames } from './desired/names.ts';
import type { WantedDesktop } from './wanted-desktop.ts';

/** Whether the Pod is what would be made today. It is never restarted for that: people work in it. */
export function upToDate({ metadata, spec }: Pod, wanted: WantedDesktop | undefined): Conclusion<'UpToDate'> {
  if (wanted === undefined || metadata.annotations?.[annotations.templateRevision] !== wanted.templateRevision) {
    const what = wanted === undefined ? 'is gone' : 'has changed since the desktop started';
    return {
      reason: 'TemplateChanged',
      message: `The template ${what}. Suspend and resume the session to take that over.`,
    };
  }
  const limits = spec.containers.find(({ name }) => name === containerNames.desktop)?.resources?.limits ?? {};
  const isSame =
    parseQuantity(limits['cpu'] ?? 0) === wanted.cpuCores &&
    parseQuantity(limits['memory'] ?? 0) === wanted.memoryBytes;
  return isSame
    ? { reason: 'UpToDate', message: 'Template and session have not changed since the desktop started.' }
    : {
        reason: 'SessionChanged',
        message:
          'CPU or memory of the session has changed since the desktop started. Suspend and resume it to take that over.',
      };
}
