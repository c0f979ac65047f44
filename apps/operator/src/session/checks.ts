import { normalizeUser, parseQuantity, UserError } from '@vdi/api';
import { templateProblem } from '../template/template-problem.ts';
import type { Conclusion } from './conclusion.ts';
import type { SessionInput } from './input.ts';
import { quotaExceeded } from './quota.ts';

type Refusal = Conclusion<'Accepted'>;

/** A reason not to start the session, or undefined. */
type Check = (input: SessionInput) => Refusal | undefined;

/** In this order: each may rely on those before it having passed. The first that fails is what the person reads. */
const checks: readonly Check[] = [
  templateMissing, // nothing can be decided without it
  userInvalid, // before anything is named after the user
  userDisabled,
  accessDenied,
  templateUnusable,
  aboveMaximum,
  quotaExceeded, // last: it may pass a second later
];

/** What stands against the session, or that nothing does. */
export function accepted(input: SessionInput): Refusal {
  for (const check of checks) {
    const refusal = check(input);
    if (refusal !== undefined) return refusal;
  }
  return { reason: 'Accepted', message: 'The session may run.' };
}

function templateMissing({ session, template }: SessionInput): Refusal | undefined {
  if (template !== undefined) return undefined;
  const name = session.spec.template;
  return {
    reason: 'TemplateNotFound',
    message: `There is no VDITemplate "${name}". Create it and the session starts, or delete the session; "kubectl get vdit" lists what there is.`,
  };
}

function userInvalid({ session, user }: SessionInput): Refusal | undefined {
  const name = session.spec.user;
  const normalized = normalizeUser(name);
  if (normalized !== name) {
    return {
      reason: 'UserInvalid',
      message: `spec.user "${name}" is not in the form in which users are compared. Create the session anew for "${normalized}".`,
    };
  }
  if (user !== undefined && user.spec.user !== name) {
    return {
      reason: 'UserInvalid',
      message: `VDIUser "${user.metadata.name}" is of "${user.spec.user}", not of "${name}". An administrator must correct that VDIUser.`,
    };
  }
  return undefined;
}

function userDisabled({ session, user }: SessionInput): Refusal | undefined {
  if (user?.spec.disabled !== true) return undefined;
  return {
    reason: 'UserDisabled',
    message: `User "${session.spec.user}" is disabled. An administrator can set spec.disabled of VDIUser "${user.metadata.name}" to false.`,
  };
}

/** Sessions may be created past the gateway, so what it checks is checked here too. */
function accessDenied({ session, template, user }: SessionInput): Refusal | undefined {
  const access = template?.spec.access;
  if (access === undefined) return undefined;
  const isNamed = access.users?.includes(session.spec.user) ?? false;
  const sharesGroup = user?.spec.groups?.some((group) => access.groups?.includes(group)) ?? false;
  if (isNamed || sharesGroup) return undefined;
  return {
    reason: 'AccessDenied',
    message: `Template "${session.spec.template}" is not open to "${session.spec.user}". Choose another template, or ask an administrator to add the user or one of their groups to its spec.access.`,
  };
}

function templateUnusable({ template, settings }: SessionInput): Refusal | undefined {
  return template === undefined ? undefined : templateProblem(template, settings);
}

function aboveMaximum({ session, template }: SessionInput): Refusal | undefined {
  const { resources: asked = {}, template: name } = session.spec;
  const allowed = template?.spec.resources ?? {};
  try {
    const maxGpu = allowed.maxGPU ?? Math.max(allowed.defaultGPU ?? 0, 1);
    if ((asked.gpu ?? 0) > maxGpu) return above('gpu', String(asked.gpu), String(maxGpu), name);
    for (const [field, maximum] of [
      ['memory', allowed.maxMemory],
      ['cpu', allowed.maxCPU],
    ] as const) {
      const amount = asked[field];
      if (amount === undefined || maximum === undefined) continue;
      if (parseQuantity(amount) > parseQuantity(maximum)) return above(field, String(amount), String(maximum), name);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return { reason: 'TemplateInvalid', message: error.message };
    throw error;
  }
}

function above(field: string, asked: string, maximum: string, template: string): Refusal {
  return {
    reason: 'ResourcesAboveMaximum',
    message: `The session asks for ${field} ${asked}, and template "${template}" allows ${maximum}. Lower spec.resources.${field}.`,
  };
}
