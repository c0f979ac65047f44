/** Defaults and rules of a Pod's spec, in Pods and in the templates of workloads. */
import type { FieldError } from '../../api-error.ts';
import { isDnsLabel, isLabelKey, isLabelValue } from '../../registry/names.ts';
import { duplicate, forbidden, invalid, required } from '../field-error.ts';
import { isObject, listAt, numberAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { containerErrors, initContainerErrors } from './container-rules.ts';
import { resourceErrors } from './resource-requirements.ts';
import { DNS_LABEL_RULE, nonNegativeErrors } from './words.ts';

/** Defaults that depend on other fields; the others are in the schema. */
export function completePodSpec(spec: JsonObject): JsonObject {
  const isHostNetwork = spec['hostNetwork'] === true;
  const completed: Record<string, unknown> = { ...spec };
  for (const field of ['initContainers', 'containers', 'ephemeralContainers']) {
    if (Array.isArray(spec[field])) {
      completed[field] = spec[field].map((container: unknown) => completeContainer(container, isHostNetwork));
    }
  }
  if (Array.isArray(spec['volumes'])) completed['volumes'] = spec['volumes'].map(completeVolume);
  return completed;
}

function completeContainer(container: unknown, isHostNetwork: boolean): unknown {
  if (!isObject(container)) return container;
  const image = stringAt(container, 'image') ?? '';
  const ports = container['ports'];
  return {
    ...container,
    imagePullPolicy: container['imagePullPolicy'] ?? (tagOf(image) === 'latest' ? 'Always' : 'IfNotPresent'),
    ...(isHostNetwork &&
      Array.isArray(ports) && {
        ports: ports.map((port: unknown) => (isObject(port) ? { hostPort: port['containerPort'], ...port } : port)),
      }),
  };
}

/** The tag decides how images are pulled; a digest pins the content, so no tag is assumed beside it. */
function tagOf(image: string): string {
  const [reference = '', digest] = image.split('@');
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return name.includes(':') ? name.slice(name.indexOf(':') + 1) : digest === undefined ? 'latest' : '';
}

function completeVolume(volume: unknown): unknown {
  return isObject(volume) && Object.keys(volume).every((key) => key === 'name') ? { ...volume, emptyDir: {} } : volume;
}

export function podSpecErrors(spec: JsonObject, path: string): FieldError[] {
  const volumes = listAt(spec, 'volumes');
  const volumeNames = new Set(volumes.map((volume) => stringAt(volume, 'name') ?? ''));
  const context = { volumeNames, takenNames: new Set<string>() };
  const containers = listAt(spec, 'containers');
  const initContainers = listAt(spec, 'initContainers');
  return [
    ...volumeErrors(volumes, `${path}.volumes`),
    ...(Array.isArray(spec['containers']) && containers.length === 0 ? [required(`${path}.containers`)] : []),
    ...containerErrors(initContainers, `${path}.initContainers`, context),
    ...initContainerErrors(initContainers, `${path}.initContainers`),
    ...containerErrors(containers, `${path}.containers`, context),
    ...containerErrors(listAt(spec, 'ephemeralContainers'), `${path}.ephemeralContainers`, context),
    ...resourceErrors(objectAt(spec, 'resources'), `${path}.resources`),
    ...schedulingErrors(spec, path),
    ...settingErrors(spec, path),
  ];
}

function volumeErrors(volumes: readonly JsonObject[], path: string): FieldError[] {
  const taken = new Set<string>();
  return volumes.flatMap((volume, index) => {
    const at = `${path}[${index}]`;
    const name = stringAt(volume, 'name') ?? '';
    const errors: FieldError[] = [];
    if (name === '') errors.push(required(`${at}.name`));
    else if (!isDnsLabel(name)) errors.push(invalid(`${at}.name`, name, DNS_LABEL_RULE));
    if (taken.has(name)) errors.push(duplicate(`${at}.name`, name));
    taken.add(name);
    const sources = Object.keys(volume).filter((key) => key !== 'name');
    for (const extra of sources.slice(1))
      errors.push(forbidden(`${at}.${extra}`, 'may not specify more than 1 volume type'));
    return errors;
  });
}

function schedulingErrors(spec: JsonObject, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [key, value] of Object.entries(objectAt(spec, 'nodeSelector'))) {
    if (!isLabelKey(key))
      errors.push(invalid(`${path}.nodeSelector`, key, 'must be a label key, such as example.com/name'));
    if (!isLabelValue(String(value)))
      errors.push(invalid(`${path}.nodeSelector`, value, 'must be a label value of at most 63 characters'));
  }
  for (const [index, toleration] of listAt(spec, 'tolerations').entries()) {
    const at = `${path}.tolerations[${index}]`;
    const operator = stringAt(toleration, 'operator') ?? 'Equal';
    if (!stringAt(toleration, 'key') && operator !== 'Exists') {
      errors.push(
        invalid(
          `${at}.operator`,
          operator,
          'operator must be Exists when `key` is empty, which means "match all values and all keys"',
        ),
      );
    }
    if (operator === 'Exists' && stringAt(toleration, 'value')) {
      errors.push(invalid(`${at}.operator`, toleration['value'], "value must be empty when `operator` is 'Exists'"));
    }
    if (toleration['tolerationSeconds'] !== undefined && toleration['effect'] !== 'NoExecute') {
      errors.push(
        invalid(
          `${at}.effect`,
          toleration['effect'] ?? '',
          "effect must be 'NoExecute' when `tolerationSeconds` is set",
        ),
      );
    }
  }
  for (const [index, constraint] of listAt(spec, 'topologySpreadConstraints').entries()) {
    const skew = numberAt(constraint, 'maxSkew');
    if (skew !== undefined && skew <= 0) {
      errors.push(invalid(`${path}.topologySpreadConstraints[${index}].maxSkew`, skew, 'must be greater than zero'));
    }
  }
  return errors;
}

function settingErrors(spec: JsonObject, path: string): FieldError[] {
  const errors = nonNegativeErrors(
    numberAt(spec, 'terminationGracePeriodSeconds'),
    `${path}.terminationGracePeriodSeconds`,
  );
  const deadline = numberAt(spec, 'activeDeadlineSeconds');
  if (deadline !== undefined && deadline < 1) {
    errors.push(invalid(`${path}.activeDeadlineSeconds`, deadline, 'must be between 1 and 2147483647, inclusive'));
  }
  const hostname = stringAt(spec, 'hostname');
  if (hostname && !isDnsLabel(hostname)) errors.push(invalid(`${path}.hostname`, hostname, DNS_LABEL_RULE));
  if (spec['dnsPolicy'] === 'None' && !Array.isArray(objectAt(spec, 'dnsConfig')['nameservers'])) {
    errors.push(
      required(`${path}.dnsConfig.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None'),
    );
  }
  for (const field of ['runAsUser', 'runAsGroup', 'fsGroup']) {
    errors.push(...nonNegativeErrors(numberAt(spec['securityContext'], field), `${path}.securityContext.${field}`));
  }
  return errors;
}
