import { badRequest } from './errors.ts';

/** `metav1.DeleteOptions`, from the body or the query. */
export interface DeleteOptions {
  readonly preconditions: { readonly uid?: string; readonly resourceVersion?: string };
  readonly propagation: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly gracePeriodSeconds: number | undefined;
  readonly dryRun: boolean;
}

/** Reads DeleteOptions; what the body says wins over the query. Throws 400. */
export function parseDeleteOptions(body: unknown, query: URLSearchParams): DeleteOptions {
  const given = (body ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof given !== 'object' || Array.isArray(given)) throw badRequest('DeleteOptions must be an object');
  const { kind } = given;
  if (kind !== undefined && kind !== 'DeleteOptions') {
    throw badRequest(`the body of a deletion is a DeleteOptions, not a ${JSON.stringify(kind)}`);
  }
  const uid = query.get('uid');
  return {
    preconditions: {
      ...(uid === null ? {} : { uid }),
      ...(given['preconditions'] as DeleteOptions['preconditions'] | null | undefined),
    },
    propagation: propagationOf(given, query),
    gracePeriodSeconds: secondsOf(given['gracePeriodSeconds'] ?? query.get('gracePeriodSeconds') ?? undefined),
    dryRun: isDryRun(given['dryRun'] ?? query.getAll('dryRun')),
  };
}

/** Throws 400 for anything but `All`. */
export function isDryRun(given: unknown): boolean {
  const values = Array.isArray(given) ? given.filter((value) => value !== '') : [given];
  const unknown = values.find((value) => value !== 'All');
  if (unknown !== undefined)
    throw badRequest(`dryRun: Unsupported value: "${String(unknown)}": supported values: "All"`);
  return values.length > 0;
}

function propagationOf(given: Readonly<Record<string, unknown>>, query: URLSearchParams): DeleteOptions['propagation'] {
  const policy = given['propagationPolicy'] ?? query.get('propagationPolicy') ?? undefined;
  const orphan = given['orphanDependents'] ?? query.get('orphanDependents') ?? undefined;
  if (policy !== undefined && orphan !== undefined) {
    throw badRequest('orphanDependents and propagationPolicy cannot both be set: orphanDependents is deprecated');
  }
  if (orphan !== undefined) return orphan === true || orphan === 'true' ? 'Orphan' : 'Background';
  if (policy === undefined || policy === 'Background' || policy === 'Foreground' || policy === 'Orphan') return policy;
  throw badRequest(
    `propagationPolicy: Unsupported value: ${JSON.stringify(policy)}: supported values: "Background", "Foreground", "Orphan"`,
  );
}

function secondsOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (!Number.isInteger(seconds))
    throw badRequest(`gracePeriodSeconds must be an integer, not ${JSON.stringify(given)}`);
  // A negative grace period means "as short as can be", which is one second.
  return seconds < 0 ? 1 : seconds;
}
