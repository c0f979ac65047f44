import { effectiveProtocol, knownImage, parseDuration, parseQuantity, UserError, type VDITemplate } from '@vdi/api';
import type { Conclusion } from '../session/conclusion.ts';
import { deniedOverlayField } from '../session/desired/pod-overlay.ts';
import type { OperatorSettings } from '../settings.ts';

type Problem = Conclusion<'Accepted'>;

/** What stands against a template, whoever starts it; nothing that the API server can tell by itself. */
type Check = (template: VDITemplate, settings: OperatorSettings) => Problem | undefined;

const checks: readonly Check[] = [
  imageHasNoDesktop, // before the protocol, because it also says what would work
  protocolNotOffered,
  recordingNotOffered,
  overlayDenied,
  amountUnreadable, // before amounts are compared
  defaultAboveMaximum,
  timeZoneUnknown,
];

/** The first thing that keeps every session of the template from starting, or undefined. */
export function templateProblem(template: VDITemplate, settings: OperatorSettings): Problem | undefined {
  for (const check of checks) {
    const problem = check(template, settings);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function imageHasNoDesktop({ metadata, spec: { image } }: VDITemplate): Problem | undefined {
  const known = knownImage(image);
  if (known === undefined || known.hasDesktop) return undefined;
  return {
    reason: 'ImageHasNoDesktop',
    message: `Image "${image}" of template "${metadata.name}" holds no desktop: ${known.why}. Use an image that does, such as ${known.instead}.`,
  };
}

function protocolNotOffered({ metadata, spec }: VDITemplate, { protocols }: OperatorSettings): Problem | undefined {
  const protocol = effectiveProtocol(spec);
  if (protocols.includes(protocol)) return undefined;
  return invalid(
    metadata.name,
    `streams by ${protocol}, which the session door does not serve yet. Set its spec.protocol to one of: ${protocols.join(', ')}.`,
  );
}

function recordingNotOffered({ metadata, spec }: VDITemplate): Problem | undefined {
  if (spec.policy?.recording !== 'required') return undefined;
  return invalid(
    metadata.name,
    'requires sessions to be recorded, which is not offered yet, so they do not start. Set its spec.policy.recording to allowed or none.',
  );
}

function overlayDenied({ metadata, spec }: VDITemplate): Problem | undefined {
  const field = deniedOverlayField(spec.podOverlay ?? {});
  if (field === undefined) return undefined;
  return {
    reason: 'PodOverlayDenied',
    message: `podOverlay of template "${metadata.name}" sets ${field}, which keeps sessions apart. Remove that field.`,
  };
}

function amountUnreadable({ spec: { resources = {}, persistence, lifecycle = {} } }: VDITemplate): Problem | undefined {
  const quantities = [
    resources.defaultCPU,
    resources.defaultMemory,
    resources.maxCPU,
    resources.maxMemory,
    persistence?.size,
  ];
  const durations = [lifecycle.timeout, lifecycle.idleTimeout, lifecycle.startDeadline, lifecycle.gracePeriod];
  try {
    for (const quantity of quantities) if (quantity !== undefined) parseQuantity(quantity);
    for (const duration of durations) if (duration !== undefined) parseDuration(duration);
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return { reason: 'TemplateInvalid', message: error.message };
    throw error;
  }
}

/** Quantities are no numbers, so that no rule of the CRD compares `512Mi` with `4Gi`. */
function defaultAboveMaximum({ metadata, spec: { resources = {} } }: VDITemplate): Problem | undefined {
  for (const [suffix, byDefault, maximum] of [
    ['CPU', resources.defaultCPU, resources.maxCPU],
    ['Memory', resources.defaultMemory, resources.maxMemory],
  ] as const) {
    if (byDefault === undefined || maximum === undefined || parseQuantity(byDefault) <= parseQuantity(maximum))
      continue;
    return invalid(
      metadata.name,
      `gives default${suffix} ${byDefault} and allows max${suffix} ${maximum}. Lower the one or raise the other in its spec.resources.`,
    );
  }
  return undefined;
}

/** Which zones there are is known to this program alone. */
function timeZoneUnknown({ metadata, spec: { lifecycle } }: VDITemplate): Problem | undefined {
  const timeZone = lifecycle?.schedule?.timeZone;
  if (timeZone === undefined) return undefined;
  if (isTimeZone(timeZone)) return undefined;
  return invalid(
    metadata.name,
    `has a schedule in the time zone "${timeZone}", which there is not. Set its spec.lifecycle.schedule.timeZone to one such as Europe/Berlin.`,
  );
}

/** ECMA-402 offers no other way to ask than to try: what it lists leaves out aliases that it knows. */
function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function invalid(name: string, why: string): Problem {
  return { reason: 'TemplateInvalid', message: `Template "${name}" ${why}` };
}
