/** Rules of claims, volumes and storage classes. */
import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import { jsonEqual, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { compareQuantities } from '../quantity.ts';
import type { KindRules } from './kind-rules.ts';

const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

export const claimRules: KindRules = {
  validate: (claim, old) => [...claimSpecErrors(objectAt(claim, 'spec')), ...claimChanges(claim, old)],
};

export const volumeRules: KindRules = {
  validate: (volume) => {
    const spec = objectAt(volume, 'spec');
    const settings = new Set(Object.keys(spec).filter((field) => VOLUME_SETTINGS.has(field)));
    const sources = Object.keys(spec).length - settings.size;
    const errors = [...accessModeErrors(spec), ...storageErrors(objectAt(spec, 'capacity'), 'spec.capacity')];
    if (sources === 0) errors.push(required('spec', 'must specify a volume type'));
    if (sources > 1) errors.push(forbidden('spec', 'may not specify more than 1 volume type'));
    return errors;
  },
};

const VOLUME_SETTINGS: ReadonlySet<string> = new Set(
  'accessModes capacity claimRef mountOptions nodeAffinity persistentVolumeReclaimPolicy storageClassName volumeAttributesClassName volumeMode'.split(
    ' ',
  ),
);

export const storageClassRules: KindRules = {
  validate: (storageClass, old) => {
    const errors: FieldError[] = [];
    if (!stringAt(storageClass, 'provisioner')) errors.push(required('provisioner'));
    const mode = stringAt(storageClass, 'volumeBindingMode');
    if (mode !== 'Immediate' && mode !== 'WaitForFirstConsumer') {
      errors.push(notSupported('volumeBindingMode', mode, ['Immediate', 'WaitForFirstConsumer']));
    }
    const policy = stringAt(storageClass, 'reclaimPolicy');
    if (policy !== 'Delete' && policy !== 'Retain')
      errors.push(notSupported('reclaimPolicy', policy, ['Delete', 'Retain']));
    if (!old) return errors;
    const changed = ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'].filter(
      (field) => !jsonEqual(storageClass[field], old[field]),
    );
    return [...errors, ...changed.map((field) => forbidden(field, `updates to ${field} are forbidden.`))];
  },
};

export function claimSpecErrors(spec: JsonObject, path = 'spec'): FieldError[] {
  return [
    ...accessModeErrors(spec, path),
    ...storageErrors(objectAt(objectAt(spec, 'resources'), 'requests'), `${path}.resources`),
  ];
}

function accessModeErrors(spec: JsonObject, path = 'spec'): FieldError[] {
  const modes = Array.isArray(spec['accessModes']) ? spec['accessModes'] : [];
  if (modes.length === 0) return [required(`${path}.accessModes`, 'at least 1 access mode is required')];
  if (modes.includes('ReadWriteOncePod') && modes.length > 1) {
    return [forbidden(`${path}.accessModes`, 'may not use ReadWriteOncePod with other access modes')];
  }
  return modes
    .filter((mode) => !ACCESS_MODES.includes(String(mode)))
    .map((mode) => notSupported(`${path}.accessModes`, mode, ACCESS_MODES));
}

function storageErrors(amounts: JsonObject, path: string): FieldError[] {
  const { storage } = amounts;
  if (storage === undefined) return [required(`${path}[storage]`)];
  return (compareQuantities(storage, '0') ?? 1) > 0
    ? []
    : [invalid(`${path}[storage]`, storage, 'must be greater than zero')];
}

/** A bound claim can only grow; a claim that waits can be given its volume and class. */
function claimChanges(claim: KubernetesObject, old: KubernetesObject | undefined): FieldError[] {
  if (!old) return [];
  const spec = objectAt(claim, 'spec');
  const oldSpec = objectAt(old, 'spec');
  const settable = ['volumeName', 'storageClassName'].filter((field) => !oldSpec[field]);
  const fixed = (value: JsonObject) =>
    Object.fromEntries(
      Object.entries(value).filter(
        ([field]) => !settable.includes(field) && field !== 'resources' && field !== 'volumeAttributesClassName',
      ),
    );
  const errors: FieldError[] = [];
  if (!jsonEqual(fixed(spec), fixed(oldSpec))) {
    errors.push(
      forbidden(
        'spec',
        'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims',
      ),
    );
  }
  const request = (value: JsonObject) => objectAt(objectAt(value, 'resources'), 'requests')['storage'];
  if ((compareQuantities(request(spec), request(oldSpec)) ?? 0) < 0) {
    errors.push(forbidden('spec.resources.requests.storage', 'field can not be less than previous value'));
  }
  return errors;
}
