/** How long before the end of a desktop its viewers are told. Milliseconds. */
export const warnings = { expiryMs: 5 * 60_000, idleMs: 60_000 } as const;
