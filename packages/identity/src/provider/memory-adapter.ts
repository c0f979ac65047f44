import type { Adapter, AdapterPayload } from 'oidc-provider';

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/** Anybody can begin to sign in, so what is remembered of that has a limit; the oldest is forgotten first. */
const mostEntries = 20_000;

/**
 * What the provider remembers of sign-ins under way: minutes at most, so memory is the right place. One adapter serves one
 * model of the provider.
 */
export function createMemoryAdapters(now: () => Date): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  const live = (key: string): AdapterPayload | undefined => {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAt > now().getTime()) return entry?.payload;
    entries.delete(key);
    return undefined;
  };
  const findBy = (model: string, matches: (payload: AdapterPayload) => boolean): AdapterPayload | undefined =>
    [...entries.keys()]
      .filter((key) => key.startsWith(`${model}:`))
      .map(live)
      .find((payload) => payload !== undefined && matches(payload));

  return (model) => ({
    async upsert(id, payload, expiresIn) {
      const key = `${model}:${id}`;
      entries.delete(key);
      entries.set(key, {
        payload,
        expiresAt: expiresIn === undefined ? Infinity : now().getTime() + expiresIn * 1_000,
      });
      if (entries.size > mostEntries) entries.delete(entries.keys().next().value ?? '');
    },
    find: async (id) => live(`${model}:${id}`),
    findByUid: async (uid) => findBy(model, (payload) => payload.uid === uid),
    findByUserCode: async (userCode) => findBy(model, (payload) => payload.userCode === userCode),
    async consume(id) {
      const key = `${model}:${id}`;
      const entry = entries.get(key);
      if (entry === undefined) return;
      const consumed = Math.floor(now().getTime() / 1_000);
      entries.set(key, { ...entry, payload: { ...entry.payload, consumed } });
    },
    destroy: async (id) => void entries.delete(`${model}:${id}`),
    async revokeByGrantId(grantId) {
      for (const [key, { payload }] of entries) if (payload.grantId === grantId) entries.delete(key);
    },
  });
}
