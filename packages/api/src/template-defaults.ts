/**
 * What the operator does where a template says nothing. Not CRD defaults: stored objects stay as their author wrote
 * them. The reference pages print these values, `effectiveTemplate` fills them in.
 */
export const templateDefaults = {
  gpu: { mode: 'shared', render: false, encoder: 'auto', whenUnavailable: 'software' },
  persistence: { enabled: true, mountPath: '/home/user', sharedVolumes: [] },
  lifecycle: { idleAction: 'suspend', gracePeriod: '30s' },
  schedule: { timeZone: 'UTC' },
  policy: {
    clipboard: 'both',
    files: 'both',
    audio: true,
    microphone: true,
    sharing: 'control',
    recording: 'none',
    egress: 'internet',
  },
  security: { runAsUser: 1000, readOnlyRootFilesystem: true },
  sharedVolume: { readOnly: true },
  port: 8080,
} as const;

/** A default as the reference pages print it. */
export function printed(value: string | number | boolean): string {
  return `\`${value}\``;
}
