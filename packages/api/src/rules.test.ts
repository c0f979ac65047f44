import { describe, expect, it } from 'vitest';
import { objectSchema } from './crd.ts';
import { kinds } from './kinds.ts';
import type { Json, JsonObject } from './schema/json.ts';
import { sharedFunctions, sharedIdentifiers } from './schema/rule-subset.ts';
import { allRules, environment, ruleViolations } from './testing/rule-violations.ts';

const rules = kinds.flatMap((kind) => allRules(objectSchema(kind)));
const uniqueRules = [...new Map(rules.map((rule) => [rule.rule, rule])).values()];

/** A node of a parsed rule: an operator with nodes, names and literals below it. */
interface Node {
  readonly op: string;
  readonly args: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

/** Functions and free names of a rule that are outside the shared subset. */
function outsideSubset(rule: string): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown, bound: ReadonlySet<string>): void => {
    if (Array.isArray(value)) value.forEach((child) => visit(child, bound));
    if (!isNode(value)) return;
    if (value.op === 'id' && !sharedIdentifiers.has(String(value.args)) && !bound.has(String(value.args)))
      found.push(String(value.args));
    if (value.op === 'call' || value.op === 'rcall') {
      const [name, ...operands] = value.args as readonly [string, ...unknown[]];
      if (!sharedFunctions.has(name)) found.push(`${name}()`);
      visit(operands, new Set([...bound, ...macroVariable(name, operands)]));
      return;
    }
    if (value.op === '.') visit((value.args as readonly unknown[])[0], bound);
    else if (value.op !== 'id' && value.op !== 'value') visit(value.args, bound);
  };
  visit(environment.parse(rule).ast, new Set());
  return found;
}

function macroVariable(name: string, operands: readonly unknown[]): readonly string[] {
  const [variable] = (operands[1] ?? []) as readonly unknown[];
  return ['all', 'exists', 'exists_one'].includes(name) && isNode(variable) ? [String(variable.args)] : [];
}

describe.each(uniqueRules)('the rule $rule', ({ rule, message }) => {
  it('compiles to a claim', () => {
    const checked = environment.check(rule);
    expect(checked.error).toBeUndefined();
    expect(['bool', 'dyn']).toContain(String(checked.type));
  });

  it('uses only what Kubernetes and cel-js share', () => {
    expect(outsideSubset(rule)).toEqual([]);
  });

  it('says what is wrong and what to do, in one line', () => {
    expect(message).toMatch(/: \S/);
    expect(message).not.toContain('\n');
  });
});

it.each([
  ["quantity('1') < quantity('2')", ['quantity()', 'quantity()']],
  ['self.isSorted()', ['isSorted()']],
  ["self.lowerAscii() == 'a'", ['lowerAscii()']],
  ['self.all(x, x == y)', ['y']],
  ["self.all(x, url(x) != url('a'))", ['url()', 'url()']],
])('the subset refuses %s', (rule, found) => {
  expect(outsideSubset(rule)).toEqual(found);
});

const session = (spec: JsonObject, name = 'alice-xfce'): JsonObject => ({
  kind: 'VDISession',
  metadata: { name },
  spec: { user: 'alice@example.com', template: 'xfce', ...spec },
});
const template = (spec: JsonObject, name = 'xfce'): JsonObject => ({
  kind: 'VDITemplate',
  metadata: { name },
  spec: { image: 'x', ...spec },
});
const user = (spec: JsonObject, name = '76gzqgp4byjl6djerexelgd6esncrxhi'): JsonObject => ({
  kind: 'VDIUser',
  metadata: { name },
  spec: { user: 'alice@example.com', ...spec },
});

const broken: readonly (readonly [sentence: string, object: JsonObject, message: RegExp, old?: Json])[] = [
  [
    'a session given to another user',
    session({ user: 'bob@example.com' }),
    /user cannot be changed: delete/,
    session({}),
  ],
  ['a session moved to another template', session({ template: 'kde' }), /template cannot be changed/, session({})],
  ['a user in capital letters', session({ user: 'Alice@example.com' }), /no capital letters/],
  ['a user with a space', session({ user: 'alice bob' }), /spaces/],
  ['a user with a line break', session({ user: 'alice\n' }), /control characters/],
  [
    'a share with the owner',
    session({ shares: [{ user: 'alice@example.com', role: 'view' }] }),
    /shares names the owner/,
  ],
  ['a session with a long name', session({}, 'a'.repeat(53)), /name is at most 52/],
  ['a session whose name begins with a digit', session({}, '3d'), /begins with a letter/],
  ['a session with a dot in its name', session({}, 'a.b'), /name is at most 52/],
  ['a template with a dot in its name', template({}, 'a.b'), /name is at most 63/],
  ['a template with a long name', template({}, 'a'.repeat(64)), /name is at most 63/],
  [
    'more GPUs by default than at most',
    template({ resources: { defaultGPU: 2, maxGPU: 1 } }),
    /defaultGPU is above maxGPU/,
  ],
  [
    'more cores by default than at most',
    template({ resources: { defaultCPU: 4, maxCPU: 2 } }),
    /defaultCPU is above maxCPU/,
  ],
  ['drawing on no GPU', template({ gpu: { mode: 'none', render: true } }), /mode none leaves nothing/],
  ['encoding on no GPU', template({ gpu: { mode: 'none', encoder: 'nvenc' } }), /mode none leaves nothing/],
  [
    'an idle timeout that is never reached',
    template({ lifecycle: { timeout: '1h', idleTimeout: '90m' } }),
    /idleTimeout is longer/,
  ],
  [
    'a variable with two sources',
    template({ env: [{ name: 'A', value: '', valueFrom: {} }] }),
    /either value or valueFrom/,
  ],
  [
    'a sidecar called like the desktop',
    template({ sidecars: [{ name: 'desktop', image: 'x' }] }),
    /names display and desktop are taken/,
  ],
  ['access for a user in capital letters', template({ access: { users: ['Bob'] } }), /no capital letters/],
  ['a user renamed', user({ user: 'bob@example.com' }), /user cannot be changed: the name/, user({})],
  ['a user object with a readable name', user({}, 'alice'), /named by the key of its user/],
];

const accepted: readonly (readonly [sentence: string, object: JsonObject, old?: Json])[] = [
  [
    'a session that changes everything else',
    session({ suspended: true, timeout: '1h', displayName: 'x' }),
    session({}),
  ],
  ['a share with somebody else', session({ shares: [{ user: 'bob@example.com', role: 'view' }] })],
  ['a user name beyond ASCII', session({ user: 'jürgen@exämple.com' })],
  ['a user name of a provider', session({ user: 'auth0|5f7c' })],
  ['as many GPUs by default as at most', template({ resources: { defaultGPU: 2, maxGPU: 2 } })],
  ['cores with units, which the operator compares', template({ resources: { defaultCPU: '4000m', maxCPU: 2 } })],
  ['no GPU and software', template({ gpu: { mode: 'none', render: false, encoder: 'software' } })],
  ['an idle timeout within the timeout', template({ lifecycle: { timeout: '1h', idleTimeout: '60m' } })],
  ['a subject bound to a user', user({ subject: 'https://id.example.com#1' }), user({})],
];

function violationsOf(object: JsonObject, old?: Json): readonly string[] {
  const kind = kinds.find((candidate) => candidate.kind === object['kind']);
  return kind === undefined ? ['unknown kind'] : ruleViolations(objectSchema(kind), object, old);
}

describe('the rules', () => {
  it.each(broken.map(([sentence, object, message, old]) => ({ sentence, object, message, old })))(
    'refuse $sentence',
    ({ object, message, old }) => {
      expect(violationsOf(object, old).join('\n')).toMatch(message);
    },
  );

  it.each(accepted.map(([sentence, object, old]) => ({ sentence, object, old })))(
    'accept $sentence',
    ({ object, old }) => {
      expect(violationsOf(object, old)).toEqual([]);
    },
  );

  it('are each broken by one of these objects', () => {
    const seen = new Set(broken.flatMap(([, object, , old]) => violationsOf(object, old)));
    expect(rules.map(({ message }) => message).filter((message) => !seen.has(message))).toEqual([]);
  });
});
