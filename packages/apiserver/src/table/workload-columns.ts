/** The columns of workloads that own Pods. */
import type { KubernetesObject, PrinterColumn } from '../resource/resource.ts';
import { listAt, numberAt, objectAt, stringAt } from '../schema/json.ts';
import { ageColumn, column, listed, NONE, numberColumn, wideColumn } from './column.ts';
import { ageOf, humanDuration } from './duration.ts';
import { formatSelector } from './selector-text.ts';

const spec = (object: KubernetesObject, field: string) => numberAt(object['spec'], field) ?? 0;
const status = (object: KubernetesObject, field: string) => numberAt(object['status'], field) ?? 0;

function podSpec(object: KubernetesObject): unknown {
  const owner =
    stringAt(object, 'kind') === 'CronJob' ? objectAt(objectAt(object['spec'], 'jobTemplate'), 'spec') : object['spec'];
  return objectAt(objectAt(owner, 'template'), 'spec');
}

const template: readonly PrinterColumn[] = [
  wideColumn('Containers', (object) =>
    listed(listAt(podSpec(object), 'containers').map((container) => stringAt(container, 'name'))),
  ),
  wideColumn('Images', (object) =>
    listed(listAt(podSpec(object), 'containers').map((container) => stringAt(container, 'image'))),
  ),
];

const selector = wideColumn('Selector', (object) => formatSelector(objectAt(object['spec'], 'selector')));

const desired: readonly PrinterColumn[] = [
  numberColumn('Desired', (object) => spec(object, 'replicas')),
  numberColumn('Current', (object) => status(object, 'replicas')),
  numberColumn('Ready', (object) => status(object, 'readyReplicas')),
  ageColumn,
  ...template,
  selector,
];

export const workloadColumns: Readonly<Record<string, readonly PrinterColumn[]>> = {
  Deployment: [
    column('Ready', (object) => `${status(object, 'readyReplicas')}/${spec(object, 'replicas')}`),
    numberColumn('Up-to-date', (object) => status(object, 'updatedReplicas')),
    numberColumn('Available', (object) => status(object, 'availableReplicas')),
    ageColumn,
    ...template,
    selector,
  ],
  ReplicaSet: desired,
  ReplicationController: desired,
  StatefulSet: [
    column('Ready', (object) => `${status(object, 'readyReplicas')}/${spec(object, 'replicas')}`),
    ageColumn,
    ...template,
  ],
  DaemonSet: [
    numberColumn('Desired', (object) => status(object, 'desiredNumberScheduled')),
    numberColumn('Current', (object) => status(object, 'currentNumberScheduled')),
    numberColumn('Ready', (object) => status(object, 'numberReady')),
    numberColumn('Up-to-date', (object) => status(object, 'updatedNumberScheduled')),
    numberColumn('Available', (object) => status(object, 'numberAvailable')),
    column('Node Selector', (object) => formatSelector(objectAt(podSpec(object), 'nodeSelector'))),
    ageColumn,
    ...template,
    selector,
  ],
  Job: [
    column('Status', jobStatus),
    column('Completions', completions),
    column('Duration', jobDuration),
    ageColumn,
    ...template,
    selector,
  ],
  CronJob: [
    column('Schedule', (object) => stringAt(object['spec'], 'schedule') ?? ''),
    column('Timezone', (object) => stringAt(object['spec'], 'timeZone') ?? NONE),
    column('Suspend', (object) => (objectAt(object, 'spec')['suspend'] === true ? 'True' : 'False')),
    numberColumn('Active', (object) => listAt(object['status'], 'active').length),
    column('Last Schedule', (object, now) => {
      const last = stringAt(object['status'], 'lastScheduleTime');
      return last === undefined ? NONE : ageOf(last, now);
    }),
    ageColumn,
    ...template,
  ],
};

function jobStatus(job: KubernetesObject): string {
  const met = (type: string) =>
    listAt(job['status'], 'conditions').some(
      (condition) => condition['type'] === type && condition['status'] === 'True',
    );
  if (met('Complete')) return 'Complete';
  if (met('Failed')) return 'Failed';
  if (job.metadata.deletionTimestamp !== undefined) return 'Terminating';
  if (met('Suspended')) return 'Suspended';
  if (met('FailureTarget')) return 'FailureTarget';
  return met('SuccessCriteriaMet') ? 'SuccessCriteriaMet' : 'Running';
}

function completions(job: KubernetesObject): string {
  const wanted = numberAt(job['spec'], 'completions');
  const succeeded = status(job, 'succeeded');
  if (wanted !== undefined) return `${succeeded}/${wanted}`;
  const parallelism = numberAt(job['spec'], 'parallelism') ?? 0;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function jobDuration(job: KubernetesObject, now: Date): string {
  const started = stringAt(job['status'], 'startTime');
  if (started === undefined) return '';
  const ended = stringAt(job['status'], 'completionTime');
  return humanDuration((ended === undefined ? now.getTime() : Date.parse(ended)) - Date.parse(started));
}
