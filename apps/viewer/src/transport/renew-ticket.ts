/** Tickets live for 60 s and the agent waits 15 s more; renewing twice in a ticket's life survives one lost request. */
const renewEveryMs = 30_000;
const retryAfterMs = 5_000;

export interface RenewOptions {
  readonly renewUrl: URL;
  readonly viewer: string;
  readonly signal: AbortSignal;
  renewed(): void;
  /** The door says no, twice in a row: 401 or 403. */
  refused(status: number): void;
  /** The agent does not know this viewer any more (404): connect again. */
  forgotten(): void;
}

/**
 * Shows the door every 30 s that this person is still welcome; the door adds a fresh ticket and the agent prolongs the
 * viewer. Runs until `signal` aborts or the answer is no.
 */
export function renewTicket(options: RenewOptions): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;

  const again = (delayMs: number): void => {
    if (!options.signal.aborted) timer = setTimeout(() => void renew(), delayMs);
  };
  const renew = async (): Promise<void> => {
    const status = await post(options);
    if (options.signal.aborted) return;
    if (status === 404) return options.forgotten();
    const isRefused = status === 401 || status === 403;
    refusals = isRefused ? refusals + 1 : 0;
    if (isRefused && refusals > 1) return options.refused(status);
    const isRenewed = status >= 200 && status < 300;
    if (isRenewed) options.renewed();
    again(isRenewed ? renewEveryMs : retryAfterMs);
  };

  options.signal.addEventListener('abort', () => clearTimeout(timer), { once: true });
  again(renewEveryMs);
}

/** The answer's status; 0 where there was none. */
async function post({ renewUrl, viewer, signal }: RenewOptions): Promise<number> {
  try {
    const answer = await fetch(renewUrl, {
      method: 'POST',
      credentials: 'same-origin',
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ viewer }),
      signal,
    });
    return answer.type === 'opaqueredirect' ? 401 : answer.status;
  } catch {
    // Offline, or aborted: the next try, or the connection's own end, says more than this failure could.
    return 0;
  }
}
