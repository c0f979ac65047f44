import type { VDISession, VDITemplate, VDIUser } from '@vdi/api';

/** How a session changed. The session of a deletion is the last state known. */
export interface SessionChange {
  readonly type: 'added' | 'updated' | 'deleted';
  readonly session: VDISession;
}

/**
 * What the gateway knows of the cluster: one watch for each kind and namespace, shared by everybody who asks. It lags the
 * server by a moment; decisions that lead to a write read the object again.
 */
export interface Catalog extends AsyncDisposable {
  /** Where sessions live; nothing outside of these is ever shown. */
  readonly namespaces: readonly string[];
  /** Resolves when every kind was listed once; rejects if the catalog is disposed of before. */
  readonly synced: Promise<void>;
  sessions(): readonly VDISession[];
  session(namespace: string, name: string): VDISession | undefined;
  /** `host` is the first label of a host name, as in `status.host`. */
  sessionAtHost(host: string): VDISession | undefined;
  templates(): readonly VDITemplate[];
  template(name: string): VDITemplate | undefined;
  users(): readonly VDIUser[];
  /** The record of the user of this name, in whatever spelling. */
  user(name: string): VDIUser | undefined;
  /**
   * Calls `listener` for each change of a session from now on, in the tick in which the catalog takes it in: whoever reads
   * `sessions()` in the tick of subscribing misses nothing. Returns the way to stop.
   */
  subscribe(listener: (change: SessionChange) => void): () => void;
  /** Waits for `condition`, which is asked after each change of a session; false when that took longer than `timeoutMs`. */
  until(condition: () => boolean, timeoutMs: number): Promise<boolean>;
  /**
   * `host:port` of the present Pod: where the standalone node published it, else the Service. Undefined while there is no
   * Pod of this very session. Throws `KubeError` if that cannot be found out.
   */
  podEndpoint(session: VDISession): Promise<string | undefined>;
}
