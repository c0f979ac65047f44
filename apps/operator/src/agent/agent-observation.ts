import type { AgentStatus } from '@vdi/protocol';

/** What is known of the agent in one Pod. */
export interface AgentObservation {
  readonly podUid: string;
  /** Its last answer, even when it has been silent since. */
  readonly status: AgentStatus | undefined;
  /** Why it could not be asked, three times in a row or more. */
  readonly trouble: string | undefined;
}
