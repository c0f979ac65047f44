import type { Logger } from '@vdi/telemetry';
import type { Registry, WriteOptions } from '../registry/registry.ts';
import { isDryRun } from '../registry/delete-options.ts';
import { badRequest } from '../registry/errors.ts';
import type { Watcher } from '../watch/watcher.ts';
import type { RequestCounts } from './metrics.ts';
import type { ResourceRoute } from './route.ts';

/** Who calls. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string;
}

/** What logs of a container a client asks for; `GET /api/v1/namespaces/<ns>/pods/<name>/log`. */
export interface PodLogsQuery {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly container: string;
  readonly follow: boolean;
  readonly previous: boolean;
  readonly timestamps: boolean;
  readonly sinceSeconds?: number;
  /** RFC 3339 */
  readonly sinceTime?: string;
  readonly tailLines?: number;
  readonly limitBytes?: number;
  /** Aborted when the client goes. */
  readonly signal: AbortSignal;
}

interface Health {
  /** Why the newest write was refused by the log; undefined if it was stored. */
  storageFailure: string | undefined;
}

/** What handlers of requests share. */
export interface Server {
  readonly registry: Registry;
  readonly logger: Logger;
  readonly authenticate: (request: Request) => Promise<User | undefined> | User | undefined;
  readonly podLogs: ((query: PodLogsQuery) => Promise<Response>) | undefined;
  /** Whether somebody connects what `upgrade` lets through. */
  readonly servesExec: boolean;
  /** Those that are open, to be ended when the server ends. */
  readonly watchers: Set<Watcher>;
  readonly counts: RequestCounts;
  readonly health: Health;
}

/** One request, read and authenticated. */
export interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly query: URLSearchParams;
  readonly user: User;
  readonly warnings: string[];
}

export interface ResourceCall extends Call {
  readonly route: ResourceRoute;
}

/** Throws 400. */
export function writeOptionsOf(call: Call, duplicateFields: readonly string[] = []): WriteOptions {
  const { query, request, warnings } = call;
  const fieldValidation = query.get('fieldValidation') || 'Warn';
  if (fieldValidation !== 'Ignore' && fieldValidation !== 'Warn' && fieldValidation !== 'Strict') {
    throw badRequest(
      `fieldValidation: Unsupported value: "${fieldValidation}": supported values: "Ignore", "Strict", "Warn"`,
    );
  }
  return {
    dryRun: isDryRun(query.getAll('dryRun')),
    fieldValidation,
    fieldManager: query.get('fieldManager') || managerOf(request.headers.get('user-agent')),
    duplicateFields,
    warn: (text) => warnings.push(text),
  };
}

/** As upstream, clients that do not name themselves are called as their program is: the part before the first slash. */
function managerOf(userAgent: string | null): string {
  return (userAgent ?? '').split('/', 1)[0]?.slice(0, 128) || 'unknown';
}
