import { rmSync } from 'node:fs';
import { readIfPresent, writePrivateFile } from './private-file.ts';
import { identifyProcess, isStillRunning, type ProcessIdentity } from './process-identity.ts';
import type { StateDirectory } from './state-directory.ts';

/** What the running process says of itself, for `vdi status` and `vdi down`. */
export interface ProcessRecord extends ProcessIdentity {
  /** Missing until the process listens. */
  readonly url?: string;
}

/** The process that uses this state directory now; a record left by one that died does not count. */
export function findRunningProcess(state: StateDirectory): ProcessRecord | undefined {
  const record = readProcessRecord(state);
  return record !== undefined && isStillRunning(record) ? record : undefined;
}

export function readProcessRecord(state: StateDirectory): ProcessRecord | undefined {
  const content = readIfPresent(state.processRecord);
  if (content === undefined) return undefined;
  try {
    const record = JSON.parse(content) as Partial<ProcessRecord> | null;
    return typeof record?.pid === 'number' && typeof record.startTicks === 'string'
      ? (record as ProcessRecord)
      : undefined;
  } catch {
    // Not ours, or damaged: it names no process, so there is none to stop.
    return undefined;
  }
}

export function recordThisProcess(state: StateDirectory, facts: { readonly url?: string }): void {
  const identity = identifyProcess(process.pid);
  if (identity === undefined) throw new Error('This process does not find itself in /proc; is it mounted?');
  writePrivateFile(state.processRecord, `${JSON.stringify({ ...identity, ...facts })}\n`);
}

export function removeProcessRecord(state: StateDirectory): void {
  rmSync(state.processRecord, { force: true });
}
