import type { Container, Pod, SecurityContext } from '@vdi/kube';
import { ConfigError } from './config-error.ts';

/** Container settings win over those of the Pod. */
export function effectiveSecurity({ spec }: Pod, container: Container): SecurityContext {
  const { runAsUser, runAsGroup, runAsNonRoot, seccompProfile } = spec.securityContext ?? {};
  return {
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    ...(runAsNonRoot === undefined ? {} : { runAsNonRoot }),
    ...(seccompProfile === undefined ? {} : { seccompProfile }),
    ...container.securityContext,
  };
}

/** `user[:group]` for the engine, or undefined for what the image says. */
export function containerUser({ runAsUser, runAsGroup }: SecurityContext, imageUser: string): string | undefined {
  const user = runAsUser === undefined ? imageUser.split(':', 1)[0] || '0' : String(runAsUser);
  if (runAsGroup !== undefined) return `${user}:${runAsGroup}`;
  return runAsUser === undefined ? undefined : user;
}

/** Throws `ConfigError`, in the words of the kubelet, when `runAsNonRoot` is not kept. */
export function checkNonRoot(security: SecurityContext, imageUser: string): void {
  if (security.runAsNonRoot !== true) return;
  const user = security.runAsUser === undefined ? imageUser.split(':', 1)[0] || '0' : String(security.runAsUser);
  if (user === '0' || user === 'root') {
    throw new ConfigError(
      'container has runAsNonRoot and would run as root; set securityContext.runAsUser, or give the image a USER',
    );
  }
  if (!/^\d+$/.test(user)) {
    throw new ConfigError(
      `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root; ` +
        'set securityContext.runAsUser',
    );
  }
}
