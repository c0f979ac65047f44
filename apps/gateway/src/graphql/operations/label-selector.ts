import { apiError } from '../api-error.ts';

/** Label selectors as `kubectl -l` takes them: `app=web,tier!=db,zone in (a,b),zone notin (c),!legacy`. */

type Labels = Readonly<Record<string, string>>;
type Requirement = (labels: Labels) => boolean;

const key = String.raw`([A-Za-z0-9][-A-Za-z0-9_./]{0,316})`;
const value = '([-A-Za-z0-9_.]{0,63})';
const isAbsent = new RegExp(`^!\\s*${key}$`);
const isPresent = new RegExp(`^${key}$`);
const isEqual = new RegExp(`^${key}\\s*(==|=|!=)\\s*${value}$`);
const isAmong = new RegExp(`^${key}\\s+(in|notin)\\s*\\(([^()]*)\\)$`);

const maxLength = 1024;

/** Throws BAD_USER_INPUT for what is not a selector. An empty one matches everything. */
export function parseLabelSelector(selector: string): Requirement {
  if (selector.length > maxLength) throw invalid(selector, `it is longer than ${maxLength} characters`);
  // Commas inside parentheses separate values, not requirements.
  const parts = selector
    .split(/,(?![^()]*\))/)
    .map((part) => part.trim())
    .filter((part) => part !== '' || selector.includes(','));
  const requirements = parts.map((part) => parseRequirement(part, selector));
  return (labels) => requirements.every((isMet) => isMet(labels));
}

function parseRequirement(part: string, selector: string): Requirement {
  const [, absent] = isAbsent.exec(part) ?? [];
  if (absent !== undefined) return (labels) => !Object.hasOwn(labels, absent);
  const [, present] = isPresent.exec(part) ?? [];
  if (present !== undefined) return (labels) => Object.hasOwn(labels, present);
  const [, compared, operator, operand = ''] = isEqual.exec(part) ?? [];
  if (compared !== undefined) return among(compared, new Set([operand]), operator !== '!=');
  const [, listed, set, operands = ''] = isAmong.exec(part) ?? [];
  if (listed !== undefined)
    return among(listed, new Set(operands.split(',').map((operand) => operand.trim())), set === 'in');
  throw invalid(selector, `"${part}" is no requirement`);
}

/** As Kubernetes has it, an object without the label is not among any values. */
function among(name: string, values: ReadonlySet<string>, shouldBe: boolean): Requirement {
  return (labels) => (Object.hasOwn(labels, name) && values.has(labels[name] ?? '')) === shouldBe;
}

function invalid(selector: string, why: string) {
  return apiError(
    'BAD_USER_INPUT',
    `The label selector ${JSON.stringify(selector.slice(0, 128))} cannot be read: ${why}. Write it as for kubectl, such as "team=blue,stage in (test,demo)"`,
  );
}
