import { writeSync } from 'node:fs';
import { createAuditChain, beforeTheFirst } from './audit-chain.ts';
import type { AuditLog } from './audit-log.ts';

const standardOutput = 1;

/**
 * An audit log on standard output, where a cluster collects it. Each start begins a chain of its own. Written by descriptor:
 * `process.stdout` would answer before the line is out.
 */
export function openAuditOutput(now: () => Date): AuditLog {
  return createAuditChain(writeAll, beforeTheFirst, now);
}

/** A pipe may take a part of a line, and then more of it. */
function writeAll(line: string): void {
  let rest = Buffer.from(line, 'utf8');
  while (rest.length > 0) rest = rest.subarray(writeSync(standardOutput, rest));
}
