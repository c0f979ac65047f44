import type { ViewerSnapshot } from '../viewer-snapshot.ts';

type Launched = NonNullable<ViewerSnapshot['launched']>;

const texts: Readonly<Record<Launched['outcome'], (application: string) => string>> = {
  started: (application) => `Starting ${application}…`,
  'no-launcher': (application) =>
    `${application} was not started: this image has no launcher. Start it from the desktop itself.`,
  failed: (application) => `${application} could not be started. The log of the display says why.`,
};

/** What people read after they asked for an application. */
export function launchText({ application, outcome }: Launched): string {
  return texts[outcome](application);
}
