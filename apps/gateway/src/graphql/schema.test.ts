import { readFileSync } from 'node:fs';
import { parse, print, printSchema } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from './schema.ts';

const file = '../../schema.graphql';

/** The formatter lays descriptions out in its own way. */
const laidOut = (text: string): string => print(parse(text));

it('is what schema.graphql tells those who write clients', async () => {
  const committed = readFileSync(new URL(file, import.meta.url), 'utf8');
  const current = printSchema(schema);
  // After a change on purpose: run this test with --update, then the formatter.
  if (laidOut(committed) !== laidOut(current)) await expect(current).toMatchFileSnapshot(file);
  expect(laidOut(committed)).toContain('type Subscription');
});
