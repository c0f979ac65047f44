import { UserError } from '@vdi/api';

/** What happened, why, and how to fix it; for everything that is no user error, all that is known. */
export function explain(error: unknown): string {
  if (error instanceof UserError) {
    return `${error.what}.\n  Why: ${error.why}.\n  Fix: ${error.whatToDo}.`;
  }
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
