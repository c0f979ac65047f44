import type Docker from 'dockerode';
import { hasImage } from '../engine/find-image.ts';
import { debianBase } from '../recipe/debian-base.ts';
import { bootstrapSystem } from './bootstrap-system.ts';
import { containerSystem } from './container-system.ts';
import type { SystemBuilder } from './system-request.ts';

const registryPatienceMs = 3_000;

/** The ways that this machine has to a Debian system, the one to try first at the front. */
export async function systemBuilders(
  docker: Docker | undefined,
  fetcher: typeof fetch,
): Promise<readonly SystemBuilder[]> {
  if (docker === undefined) return [bootstrapSystem];
  const hasBase = (await hasImage(docker, debianBase.registryImage)) || (await registryAnswers(fetcher));
  return hasBase ? [containerSystem(docker), bootstrapSystem] : [bootstrapSystem];
}

/** Any answer will do, a refusal included: anonymous callers get one. */
async function registryAnswers(fetcher: typeof fetch): Promise<boolean> {
  try {
    await fetcher('https://registry-1.docker.io/v2/', {
      method: 'HEAD',
      signal: AbortSignal.timeout(registryPatienceMs),
    });
    return true;
  } catch {
    // No network, no name, or no answer in time: then there is none for us.
    return false;
  }
}
