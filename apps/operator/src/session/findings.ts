import { accepted } from './checks.ts';
import type { Conclusion } from './conclusion.ts';
import { type Deadlines, deadlinesOf } from './deadlines.ts';
import { homeBlocker, homeReady } from './home-checks.ts';
import { newestPod } from './incarnation.ts';
import type { SessionInput } from './input.ts';
import type { Pass } from './status.ts';
import { templateProblem } from '../template/template-problem.ts';
import { type WantedDesktop, wantedDesktop } from './wanted-desktop.ts';

/** What follows from the input before anything is done. */
export interface Findings {
  readonly accepted: Conclusion<'Accepted'>;
  readonly homeBlocker: Conclusion<'HomeReady'> | undefined;
  /** Undefined where the template says nothing usable. */
  readonly wanted: WantedDesktop | undefined;
  readonly deadlines: Deadlines;
}

export function findingsOf(input: SessionInput, now: Date): Findings {
  const { session, template, user, settings } = input;
  const verdict = accepted(input);
  const isUsable =
    template !== undefined &&
    verdict.reason !== 'TemplateInvalid' &&
    // Also where the session is refused for another reason first.
    templateProblem(template, settings)?.reason !== 'TemplateInvalid';
  const wanted = isUsable ? wantedDesktop(session, template, user, settings) : undefined;
  return {
    accepted: verdict,
    wanted,
    homeBlocker: wanted === undefined ? undefined : homeBlocker(input, wanted),
    deadlines: deadlinesOf(input, wanted, now),
  };
}

/** The conclusions of a pass that changes nothing. */
export function standing(input: SessionInput, findings: Findings): Pass {
  const pod = newestPod(input.pods);
  return {
    accepted: findings.accepted,
    home: homeConclusion(input, findings),
    wanted: findings.wanted,
    deadlines: findings.deadlines,
    host: input.session.status?.host,
    podName: pod?.metadata.name,
    pod,
    notReady: undefined,
    refused: undefined,
  };
}

function homeConclusion(
  input: SessionInput,
  { accepted, wanted, homeBlocker }: Findings,
): Conclusion<'HomeReady'> | undefined {
  if (wanted === undefined || accepted.reason !== 'Accepted') return undefined;
  return homeBlocker ?? homeReady(input, wanted);
}
