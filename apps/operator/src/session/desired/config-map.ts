import type { VDISession } from '@vdi/api';
import type { ConfigMap } from '@vdi/kube';
import { uidOf } from '../input.ts';
import type { WantedDesktop } from '../wanted-desktop.ts';
import { childMetadata, configKeys } from './names.ts';

/** What the containers of a session read that is no secret. */
export function desiredConfigMap(session: VDISession, { template }: WantedDesktop): ConfigMap {
  const { security, persistence, applications = [], policy } = template;
  const person = { uid: security.runAsUser, home: persistence.mountPath };
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: childMetadata(session, 'configMap'),
    data: {
      [configKeys.passwd]: passwd(person),
      [configKeys.group]: group(person),
      // D-Bus wants 32 hexadecimal digits, the same for the life of the machine.
      [configKeys.machineId]: `${uidOf(session)
        .replace(/[^0-9a-f]/g, '')
        .padEnd(32, '0')
        .slice(0, 32)}\n`,
      [configKeys.applications]: JSON.stringify(applications),
      [configKeys.policy]: JSON.stringify(policy),
    },
  };
}

interface Person {
  readonly uid: number;
  readonly home: string;
}

/** D-Bus and shells die without an entry for their uid, which Kubernetes does not add. */
function passwd({ uid, home }: Person): string {
  if (uid === 0) return `root:x:0:0:root:${home}:/bin/sh\n`;
  return `root:x:0:0:root:/root:/usr/sbin/nologin\nuser:x:${uid}:${uid}:user:${home}:/bin/sh\n`;
}

function group({ uid }: Person): string {
  return uid === 0 ? 'root:x:0:\n' : `root:x:0:\nuser:x:${uid}:\n`;
}
