/** A container cannot be created as its Pod asks; Kubernetes calls the waiting reason CreateContainerConfigError. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
