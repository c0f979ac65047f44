import { describe, expect, it } from 'vitest';

import { parseJsonPath, valuesAt } from './json-path.ts';

const object = {
  spec: {
    user: 'alice',
    ports: [
      { name: 'a', port: 1 },
      { name: 'b', port: 2 },
    ],
  },
  metadata: { annotations: { 'example.com/x': 'y' } },
  status: {
    conditions: [
      { type: 'Ready', status: 'True' },
      { type: 'Gone', status: 'False' },
    ],
  },
};

describe('JSON paths of printer columns', () => {
  const cases = [
    ['.spec.user', ['alice']],
    ['{.spec.user}', ['alice']],
    ['.spec.ports[1].name', ['b']],
    ['.spec.ports[-1].name', ['b']],
    ['.spec.ports[*].port', [1, 2]],
    ['.metadata.annotations.example\\.com/x', ['y']],
    [".metadata.annotations['example.com/x']", ['y']],
    ['.status.conditions[?(@.type=="Ready")].status', ['True']],
    [".status.conditions[?(@.type == 'Gone')].status", ['False']],
    ['.spec.ports[?(@.port>1)].name', ['b']],
    ['.spec.nothing.here', []],
  ] as const;
  it.each(cases)('%s', (path, values) => {
    expect(valuesAt(parseJsonPath(path), object)).toEqual(values);
  });

  it.each(['spec.user', '.spec[', '.spec[?(x)]', '..user'])('%s is refused with a reason', (path) => {
    expect(() => parseJsonPath(path)).toThrow('JSON path');
  });
});
