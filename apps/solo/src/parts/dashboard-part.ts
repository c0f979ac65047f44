import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkoutDirectory } from '../images/index.ts';
import { buildWithVite } from '../images/files/build-with-vite.ts';
import { workspaceFingerprint } from '../images/files/workspace-inputs.ts';
import type { Part, ReportProgress } from '../part.ts';

const folder = 'apps/dashboard';

interface DashboardNeeds {
  readonly imageCacheDirectory: string | undefined;
  readonly progress: ReportProgress;
}

/** The dashboard's files, built when its sources have changed. Without a cache to keep them in, those of a build by hand serve. */
export const dashboardPart: Part<DashboardNeeds, { readonly dashboardDirectory: string }> = {
  name: 'the dashboard',
  async start({ imageCacheDirectory, progress }, owned) {
    if (imageCacheDirectory === undefined) return { dashboardDirectory: join(checkoutDirectory, folder, 'dist') };
    const kept = join(imageCacheDirectory, 'dashboard');
    const dashboardDirectory = join(kept, await workspaceFingerprint(checkoutDirectory, folder));
    if (existsSync(dashboardDirectory)) return { dashboardDirectory };
    progress('dashboard: building');
    const stop = new AbortController();
    owned.defer(() => stop.abort(new Error('Standalone mode stops')));
    const draft = `${dashboardDirectory}.${process.pid}.new`;
    await mkdir(kept, { recursive: true });
    await buildWithVite({ checkout: checkoutDirectory, folder, outputDirectory: draft, signal: stop.signal });
    await rename(draft, dashboardDirectory).catch(async (error: unknown) => {
      // Another process was quicker with the same sources.
      if (!existsSync(dashboardDirectory)) throw error;
      await rm(draft, { recursive: true });
    });
    return { dashboardDirectory };
  },
};
