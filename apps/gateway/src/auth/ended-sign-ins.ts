import { annotations, fieldManagers, type VDIUser, vdiUser, userKey } from '@vdi/api';
import { isConflict, type KubeClient, resourceOf } from '@vdi/kube';
import type { SignInRecord } from './sign-in-record.ts';

const users = resourceOf<VDIUser>(vdiUser);
const options = { fieldManager: fieldManagers.gateway };
const attempts = 5;

/**
 * On a VDIUser: the sign-ins of this person that were ended before their time, so that their cookies stay worthless after a
 * restart of the gateway. `<id>=<when it expires>`, `*=<when>` for all that had begun by then; milliseconds since 1970.
 */
const annotation = annotations.endedSignIns;
const everything = '*';
/** More than somebody ends in the life of one; beyond it, all that began before the newest of them end. */
const mostEntries = 100;

type Ended = ReadonlyMap<string, number>;

export function isEnded({ metadata }: VDIUser, { id, begunAt }: SignInRecord): boolean {
  const ended = read(metadata.annotations?.[annotation]);
  return ended.has(id) || begunAt <= (ended.get(everything) ?? -Infinity);
}

/** Somebody signed out. @throws KubeError */
export async function keepEnded(kube: KubeClient, record: SignInRecord, now: Date): Promise<void> {
  await change(kube, record.person.user, (ended) => {
    const kept = [...ended].filter(([id, until]) => id === everything || until > now.getTime());
    if (kept.length >= mostEntries) return new Map([[everything, now.getTime()]]);
    return new Map([...kept, [record.id, record.expiresAt]]);
  });
}

/** Somebody was locked out: unlocking them brings no sign-in of before back. @throws KubeError */
export async function keepAllEnded(kube: KubeClient, user: string, now: Date): Promise<void> {
  await change(kube, user, () => new Map([[everything, now.getTime()]]));
}

async function change(kube: KubeClient, user: string, next: (ended: Ended) => Ended): Promise<void> {
  const name = { name: userKey(user) };
  for (let attempt = 1; ; attempt += 1) {
    const { metadata } = await kube.get(users, name);
    const annotations = { [annotation]: write(next(read(metadata.annotations?.[annotation]))) };
    const value = { metadata: { resourceVersion: metadata.resourceVersion, annotations } };
    try {
      await kube.patch(users, name, { type: 'merge', value }, options);
      return;
    } catch (error) {
      // Somebody wrote in between: what they wrote stays.
      if (!isConflict(error) || attempt === attempts) throw error;
    }
  }
}

function read(text: string | undefined): Ended {
  const entries = (text ?? '').split(',').flatMap((entry) => {
    const [, id, at] = /^([\w*-]+)=(\d{1,15})$/.exec(entry) ?? [];
    return id === undefined ? [] : [[id, Number(at)] as const];
  });
  return new Map(entries);
}

function write(ended: Ended): string {
  return [...ended].map(([id, at]) => `${id}=${at}`).join(',');
}
