/** Rules of kinds with little to say: budgets, autoscalers, leases, priorities, events. */
import type { FieldError } from '../../api-error.ts';
import { forbidden, invalid } from '../field-error.ts';
import { isObject, jsonEqual, numberAt, objectAt } from '../json.ts';
import type { KindRules } from './kind-rules.ts';
import { selectorErrors } from './label-selector.ts';

export const budgetRules: KindRules = {
  validate: (budget) => {
    const spec = objectAt(budget, 'spec');
    const errors = selectorErrors(objectAt(spec, 'selector'), 'spec.selector');
    if (spec['minAvailable'] === undefined || spec['maxUnavailable'] === undefined) return errors;
    return [...errors, invalid('spec', spec, 'minAvailable and maxUnavailable cannot be both set')];
  },
};

export const autoscalerRules: KindRules = {
  validate: (autoscaler) => {
    const minimum = numberAt(autoscaler['spec'], 'minReplicas') ?? 1;
    const maximum = numberAt(autoscaler['spec'], 'maxReplicas');
    const errors: FieldError[] = [];
    if (minimum < 1) errors.push(invalid('spec.minReplicas', minimum, 'must be greater than or equal to 1'));
    if (maximum !== undefined && maximum < 1)
      errors.push(invalid('spec.maxReplicas', maximum, 'must be greater than 0'));
    if (maximum !== undefined && maximum < minimum) {
      errors.push(invalid('spec.maxReplicas', maximum, 'must be greater than or equal to `minReplicas`'));
    }
    return errors;
  },
};

export const leaseRules: KindRules = {
  validate: (lease) => {
    const seconds = numberAt(lease['spec'], 'leaseDurationSeconds');
    const transitions = numberAt(lease['spec'], 'leaseTransitions');
    const errors: FieldError[] = [];
    if (seconds !== undefined && seconds <= 0)
      errors.push(invalid('spec.leaseDurationSeconds', seconds, 'must be greater than 0'));
    if (transitions !== undefined && transitions < 0) {
      errors.push(invalid('spec.leaseTransitions', transitions, 'must be greater than or equal to 0'));
    }
    return errors;
  },
};

/** Higher ones are the system's own. */
const HIGHEST_USER_PRIORITY = 1_000_000_000;

export const priorityClassRules: KindRules = {
  validate: (priorityClass, old) => {
    const value = numberAt(priorityClass, 'value') ?? 0;
    const errors: FieldError[] = [];
    if (value > HIGHEST_USER_PRIORITY && !priorityClass.metadata.name?.startsWith('system-')) {
      errors.push(forbidden('value', `maximum allowed value of a user defined priority is ${HIGHEST_USER_PRIORITY}`));
    }
    if (old && !jsonEqual(value, old['value'] ?? 0))
      errors.push(forbidden('value', 'may not be changed in an update.'));
    return errors;
  },
};

export const eventRules: KindRules = {
  validate: (event) => {
    const namespace = isObject(event['involvedObject']) ? event['involvedObject']['namespace'] : undefined;
    if (typeof namespace !== 'string' || namespace === '' || namespace === event.metadata.namespace) return [];
    return [invalid('involvedObject.namespace', namespace, 'does not match event.namespace')];
  },
};
