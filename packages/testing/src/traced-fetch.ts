import type { Fetch } from '@vdi/kube';

/** What a test may do to a write: let it through, lose the request, or lose the answer to it. */
export type Fate = 'delivered' | 'requestLost' | 'answerLost';

/** A `fetch` that notes the writes, as `PATCH secrets/a`, and lets a test decide what becomes of each. */
export function tracedFetch(
  fetch: Fetch,
  fateOf: (write: string, number: number) => Fate | Promise<Fate> = () => 'delivered',
) {
  const writes: string[] = [];
  const traced: Fetch = async (url, init) => {
    if (init.method === 'GET' || url.includes('/leases')) return await fetch(url, init);
    const write = `${init.method} ${new URL(url).pathname.split('/').slice(-2).join('/')}`;
    writes.push(write);
    const fate = await fateOf(write, writes.length - 1);
    if (fate === 'requestLost') throw new TypeError('fetch failed');
    if (fate === 'delivered') return await fetch(url, init);
    // The server finishes what it began, although nobody waits for it any more.
    await fetch(url, { ...init, signal: null });
    throw new TypeError('terminated');
  };
  return { writes, fetch: traced };
}
