/**
 * Hosts given away by this process, so that two sessions which start at the same moment never get the same one although
 * no cache shows either yet. After a restart the caches show them all.
 */
export class HostReservations {
  readonly #owners = new Map<string, string>();

  isTaken(host: string, uid: string): boolean {
    const owner = this.#owners.get(host);
    return owner !== undefined && owner !== uid;
  }

  reserve(host: string, uid: string): void {
    this.#owners.set(host, uid);
  }

  release(uid: string): void {
    for (const [host, owner] of this.#owners) if (owner === uid) this.#owners.delete(host);
  }
}
