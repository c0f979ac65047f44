/** Rules of roles and bindings. */
import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { invalid, notSupported, required } from '../field-error.ts';
import { isObject, jsonEqual, listAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindRules } from './kind-rules.ts';

const RBAC_GROUP = 'rbac.authorization.k8s.io';

export const roleRules: KindRules = {
  validate: (role) =>
    listAt(role, 'rules').flatMap((rule, index) => policyRuleErrors(rule, role.kind, `rules[${index}]`)),
};

export const bindingRules: KindRules = {
  complete: (binding) => ({
    ...binding,
    roleRef: { ...objectAt(binding, 'roleRef'), apiGroup: objectAt(binding, 'roleRef')['apiGroup'] || RBAC_GROUP },
    ...(Array.isArray(binding['subjects']) && { subjects: binding['subjects'].map(completeSubject) }),
  }),
  validate: (binding, old) => [
    ...roleRefErrors(binding, old),
    ...listAt(binding, 'subjects').flatMap((subject, index) => subjectErrors(subject, `subjects[${index}]`)),
  ],
};

function completeSubject(subject: unknown): unknown {
  if (!isObject(subject) || subject['apiGroup']) return subject;
  return subject['kind'] === 'User' || subject['kind'] === 'Group' ? { ...subject, apiGroup: RBAC_GROUP } : subject;
}

function policyRuleErrors(rule: JsonObject, kind: string, path: string): FieldError[] {
  const has = (field: string) => Array.isArray(rule[field]) && rule[field].length > 0;
  const errors: FieldError[] = [];
  if (!has('verbs')) errors.push(required(`${path}.verbs`, 'verbs must contain at least one value'));
  if (has('nonResourceURLs')) {
    if (kind === 'Role')
      errors.push(
        invalid(
          `${path}.nonResourceURLs`,
          rule['nonResourceURLs'],
          'namespaced rules cannot apply to non-resource URLs',
        ),
      );
    return errors;
  }
  if (!has('apiGroups'))
    errors.push(required(`${path}.apiGroups`, 'resource rules must supply at least one api group'));
  if (!has('resources')) errors.push(required(`${path}.resources`, 'resource rules must supply at least one resource'));
  return errors;
}

function roleRefErrors(binding: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  const roleRef = objectAt(binding, 'roleRef');
  if (old && !jsonEqual(roleRef, old['roleRef'])) return [invalid('roleRef', roleRef, 'cannot change roleRef')];
  const kinds = binding.kind === 'ClusterRoleBinding' ? ['ClusterRole'] : ['ClusterRole', 'Role'];
  const errors: FieldError[] = [];
  if (roleRef['apiGroup'] !== RBAC_GROUP)
    errors.push(notSupported('roleRef.apiGroup', roleRef['apiGroup'], [RBAC_GROUP]));
  if (!kinds.includes(stringAt(roleRef, 'kind') ?? ''))
    errors.push(notSupported('roleRef.kind', roleRef['kind'], kinds));
  if (!stringAt(roleRef, 'name')) errors.push(required('roleRef.name'));
  return errors;
}

function subjectErrors(subject: JsonObject, path: string): FieldError[] {
  const kind = stringAt(subject, 'kind') ?? '';
  const errors = stringAt(subject, 'name') ? [] : [required(`${path}.name`)];
  if (!['ServiceAccount', 'User', 'Group'].includes(kind))
    errors.push(notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']));
  if (kind === 'ServiceAccount' && !stringAt(subject, 'namespace')) errors.push(required(`${path}.namespace`));
  return errors;
}
