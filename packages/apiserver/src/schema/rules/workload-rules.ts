/** Rules of the kinds that make Pods from a template. */
import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import { isObject, jsonEqual, listAt, numberAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindRules } from './kind-rules.ts';
import { selectorErrors, selectorMatches } from './label-selector.ts';
import { completePodSpec, podSpecErrors } from './pod-spec.ts';
import { claimSpecErrors } from './storage-rules.ts';
import { IMMUTABLE, nonNegativeErrors } from './words.ts';

export const deploymentRules: KindRules = {
  complete: (object) =>
    withSpec(object, (spec) => completeRollout(completeTemplate(spec), 'strategy', ROLLING_DEPLOYMENT)),
  validate: (object, old) => [...workloadErrors(object, old), ...rolloutErrors(object)],
};

export const statefulSetRules: KindRules = {
  complete: (object) =>
    withSpec(object, (spec) => completeRollout(completeTemplate(spec), 'updateStrategy', { partition: 0 })),
  validate: (object, old) => [
    ...workloadErrors(object, old),
    ...claimTemplateErrors(object),
    ...statefulSetChanges(object, old),
  ],
};

export const daemonSetRules: KindRules = {
  complete: (object) =>
    withSpec(object, (spec) =>
      completeRollout(completeTemplate(spec), 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 }),
    ),
  validate: workloadErrors,
};

export const replicaSetRules: KindRules = {
  complete: (object) => withSpec(object, completeTemplate),
  validate: workloadErrors,
};

export const jobRules: KindRules = {
  complete: (object) => withSpec(object, completeJobSpec),
  validate: (job, old) => {
    const changes =
      old && !jsonEqual(objectAt(job, 'spec')['template'], objectAt(old, 'spec')['template'])
        ? [invalid('spec.template', 'template', IMMUTABLE)]
        : [];
    return [...jobSpecErrors(objectAt(job, 'spec'), 'spec'), ...changes];
  },
};

export const cronJobRules: KindRules = {
  complete: (object) =>
    withSpec(object, (spec) => {
      const jobTemplate = objectAt(spec, 'jobTemplate');
      return { ...spec, jobTemplate: { ...jobTemplate, spec: completeJobSpec(objectAt(jobTemplate, 'spec')) } };
    }),
  validate: (object) => {
    const spec = objectAt(object, 'spec');
    return [
      ...scheduleErrors(stringAt(spec, 'schedule')),
      ...jobSpecErrors(objectAt(objectAt(spec, 'jobTemplate'), 'spec'), 'spec.jobTemplate.spec'),
    ];
  },
};

const ROLLING_DEPLOYMENT = { maxUnavailable: '25%', maxSurge: '25%' };

function withSpec(object: KubernetesObject, complete: (spec: JsonObject) => JsonObject): KubernetesObject {
  return isObject(object['spec']) ? { ...object, spec: complete(object['spec']) } : object;
}

function completeTemplate(spec: JsonObject): JsonObject {
  const { template } = spec;
  if (!isObject(template) || !isObject(template['spec'])) return spec;
  return { ...spec, template: { ...template, spec: completePodSpec(template['spec']) } };
}

function completeRollout(spec: JsonObject, field: string, rollingUpdate: JsonObject): JsonObject {
  const strategy = objectAt(spec, field);
  if (strategy['type'] !== 'RollingUpdate') return spec;
  return {
    ...spec,
    [field]: { ...strategy, rollingUpdate: { ...rollingUpdate, ...objectAt(strategy, 'rollingUpdate') } },
  };
}

function completeJobSpec(spec: JsonObject): JsonObject {
  const isUnspecified = spec['completions'] === undefined && spec['parallelism'] === undefined;
  return { ...(isUnspecified && { completions: 1 }), parallelism: 1, ...completeTemplate(spec) };
}

function workloadErrors(object: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  const spec = objectAt(object, 'spec');
  const template = objectAt(spec, 'template');
  const errors = [
    ...nonNegativeErrors(numberAt(spec, 'replicas'), 'spec.replicas'),
    ...selectorAndLabelErrors(object.kind, spec),
  ];
  if (old && !jsonEqual(spec['selector'], objectAt(old, 'spec')['selector'])) {
    errors.push(invalid('spec.selector', spec['selector'], IMMUTABLE));
  }
  if (!isObject(template['spec'])) return errors;
  const restartPolicy = stringAt(template['spec'], 'restartPolicy');
  if (restartPolicy !== undefined && restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  }
  return [...errors, ...podSpecErrors(template['spec'], 'spec.template.spec')];
}

function selectorAndLabelErrors(kind: string, spec: JsonObject): FieldError[] {
  const { selector } = spec;
  if (!isObject(selector)) return [];
  const problems = selectorErrors(selector, 'spec.selector');
  if (problems.length > 0) return problems;
  const isEmpty =
    Object.keys(objectAt(selector, 'matchLabels')).length === 0 && !Array.isArray(selector['matchExpressions']);
  if (isEmpty) return [invalid('spec.selector', selector, `empty selector is invalid for ${kind.toLowerCase()}`)];
  const labels = objectAt(objectAt(objectAt(spec, 'template'), 'metadata'), 'labels');
  if (selectorMatches(selector, labels)) return [];
  return [invalid('spec.template.metadata.labels', labels, '`selector` does not match template `labels`')];
}

function rolloutErrors(object: KubernetesObject): FieldError[] {
  const strategy = objectAt(objectAt(object, 'spec'), 'strategy');
  if (strategy['type'] === 'Recreate' && strategy['rollingUpdate'] !== undefined) {
    return [forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")];
  }
  const { maxSurge, maxUnavailable } = objectAt(strategy, 'rollingUpdate');
  const isNothing = (value: unknown) => value === 0 || value === '0%';
  if (!isNothing(maxSurge) || !isNothing(maxUnavailable)) return [];
  return [invalid('spec.strategy.rollingUpdate.maxUnavailable', maxUnavailable, 'may not be 0 when `maxSurge` is 0')];
}

function claimTemplateErrors(object: KubernetesObject): FieldError[] {
  return listAt(object['spec'], 'volumeClaimTemplates').flatMap((template, index) =>
    claimSpecErrors(objectAt(template, 'spec'), `spec.volumeClaimTemplates[${index}].spec`),
  );
}

const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];

function statefulSetChanges(object: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  if (!old) return [];
  const fixed = (spec: JsonObject) =>
    Object.fromEntries(Object.entries(spec).filter(([field]) => !CHANGEABLE.includes(field)));
  if (jsonEqual(fixed(objectAt(object, 'spec')), fixed(objectAt(old, 'spec')))) return [];
  const fields = CHANGEABLE.map((field) => `'${field}'`).join(', ');
  return [forbidden('spec', `updates to statefulset spec for fields other than ${fields} are forbidden`)];
}

function jobSpecErrors(spec: JsonObject, path: string): FieldError[] {
  const podSpec = objectAt(objectAt(spec, 'template'), 'spec');
  const errors = [
    'parallelism',
    'completions',
    'backoffLimit',
    'activeDeadlineSeconds',
    'ttlSecondsAfterFinished',
  ].flatMap((field) => nonNegativeErrors(numberAt(spec, field), `${path}.${field}`));
  const restartPolicy = stringAt(podSpec, 'restartPolicy');
  if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never' && Object.keys(podSpec).length > 0) {
    errors.push(notSupported(`${path}.template.spec.restartPolicy`, restartPolicy, ['OnFailure', 'Never']));
  }
  return [...errors, ...podSpecErrors(podSpec, `${path}.template.spec`)];
}

const CRON_FIELD = String.raw`(?:\*|\?|[0-9A-Za-z]+(?:-[0-9A-Za-z]+)?)(?:/[0-9]+)?`;
const CRON = new RegExp(
  String.raw`^(?:@(?:yearly|annually|monthly|weekly|daily|midnight|hourly)|@every \S+|(?:${CRON_FIELD}(?:,${CRON_FIELD})*\s+){4}${CRON_FIELD}(?:,${CRON_FIELD})*)$`,
);

function scheduleErrors(schedule: string | undefined): FieldError[] {
  if (schedule === undefined) return [];
  if (schedule === '') return [required('spec.schedule')];
  return CRON.test(schedule.trim())
    ? []
    : [invalid('spec.schedule', schedule, 'must be a cron expression of five fields, such as "*/5 * * * *"')];
}
