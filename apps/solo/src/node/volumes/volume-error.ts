/** A volume cannot be made now; Kubernetes reports it as FailedMount and tries again. */
export class VolumeError extends Error {
  override readonly name = 'VolumeError';
}
