import { UserError } from '@vdi/api';
import { BackgroundFailure } from './process/background-message.ts';

/** What happened, why, and how to fix it; for everything that is no user error, all that is known. */
export function explain(error: unknown): string {
  if (error instanceof UserError) {
    return `${error.what}.\n  Why: ${error.why}.\n  Fix: ${error.whatToDo}.`;
  }
  if (error instanceof BackgroundFailure) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
