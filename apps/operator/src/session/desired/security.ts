/** Securities of every container of a session: https://kubernetes.io/docs/concepts/security/pod-security-standards/ "restricted". */

export function podSecurity(runAsUser: number): object {
  return {
    runAsUser,
    runAsGroup: runAsUser,
    runAsNonRoot: runAsUser !== 0,
    fsGroup: runAsUser,
    // Without it a home with many files is walked at every start.
    fsGroupChangePolicy: 'OnRootMismatch',
    seccompProfile: { type: 'RuntimeDefault' },
  };
}

export function containerSecurity({ readOnlyRootFilesystem }: { readonly readOnlyRootFilesystem: boolean }): object {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem, capabilities: { drop: ['ALL'] } };
}
