/** In the order in which a session normally passes through them. */
export const phases = ['Pending', 'Creating', 'Running', 'Suspended', 'Terminating', 'Failed'] as const;

export type Phase = (typeof phases)[number];
