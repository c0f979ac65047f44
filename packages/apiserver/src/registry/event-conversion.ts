import type { KubernetesObject } from '../resource/resource.ts';

/** Fields of an Event in `v1` and their names in `events.k8s.io/v1`; all others are called the same in both. */
const renamed: readonly (readonly [core: string, events: string])[] = [
  ['involvedObject', 'regarding'],
  ['message', 'note'],
  ['reportingComponent', 'reportingController'],
  ['source', 'deprecatedSource'],
  ['firstTimestamp', 'deprecatedFirstTimestamp'],
  ['lastTimestamp', 'deprecatedLastTimestamp'],
  ['count', 'deprecatedCount'],
];

const toEvents = new Map(renamed);
const toCore = new Map(renamed.map(([core, events]) => [events, core] as const));

/** An Event as `events.k8s.io/v1` shows it. */
export function presentedEvent(event: KubernetesObject): KubernetesObject {
  return rename(event, toEvents, 'events.k8s.io/v1');
}

/** An Event as `v1` shows it, which is how it is stored. */
export function coreEvent(event: KubernetesObject): KubernetesObject {
  return rename(event, toCore, 'v1');
}

function rename(event: KubernetesObject, names: ReadonlyMap<string, string>, apiVersion: string): KubernetesObject {
  const fields = Object.entries(event).map(([name, value]) => [names.get(name) ?? name, value]);
  return { ...(Object.fromEntries(fields) as KubernetesObject), apiVersion };
}
