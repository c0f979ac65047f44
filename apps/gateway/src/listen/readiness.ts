/** What has to happen before requests are welcome, and whether it has. */
export interface Readiness {
  /** @param what completes "waiting: " */
  awaits(what: string, done: Promise<unknown>): void;
  /** From now on nothing helps: the process ends. */
  end(): void;
  missing(): readonly string[];
}

export function createReadiness(): Readiness {
  const waiting = new Set<string>();
  return {
    awaits(what, done) {
      waiting.add(what);
      done.then(
        () => waiting.delete(what),
        // Stays missing; whoever does it says why in the log.
        () => undefined,
      );
    },
    end: () => void waiting.add('the gateway stops'),
    missing: () => [...waiting],
  };
}
