/** Rules of containers in Pods and Pod templates. */
import type { FieldError } from '../../api-error.ts';
import { isDnsLabel } from '../../registry/names.ts';
import { duplicate, forbidden, invalid, notFound, notSupported, required } from '../field-error.ts';
import { isObject, listAt, numberAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import { resourceErrors } from './resource-requirements.ts';
import { DNS_LABEL_RULE, isPort, isPortName, PORT_NAME_RULE, PORT_RULE } from './words.ts';

interface ContainerContext {
  readonly volumeNames: ReadonlySet<string>;
  /** Names taken so far; init containers, containers and ephemeral containers share them. */
  readonly takenNames: Set<string>;
}

/** What is wrong with a list of containers at `path`. */
export function containerErrors(
  containers: readonly JsonObject[],
  path: string,
  context: ContainerContext,
): FieldError[] {
  return containers.flatMap((container, index) => {
    const at = `${path}[${index}]`;
    return [
      ...nameErrors(container, at, context),
      ...imageErrors(container, at),
      ...portErrors(container, at),
      ...environmentErrors(container, at),
      ...mountErrors(container, at, context),
      ...probeErrors(container, at),
      ...resourceErrors(objectAt(container, 'resources'), `${at}.resources`),
    ];
  });
}

/** Init containers end before the others start, so only sidecars may have probes and hooks. */
export function initContainerErrors(containers: readonly JsonObject[], path: string): FieldError[] {
  return containers.flatMap((container, index) => {
    const restartPolicy = stringAt(container, 'restartPolicy');
    const at = `${path}[${index}]`;
    if (restartPolicy === 'Always') return [];
    if (restartPolicy !== undefined && container['restartPolicyRules'] === undefined) {
      return [notSupported(`${at}.restartPolicy`, restartPolicy, ['Always'])];
    }
    return ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe']
      .filter((field) => container[field] !== undefined)
      .map((field) => forbidden(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'));
  });
}

function nameErrors(container: JsonObject, path: string, { takenNames }: ContainerContext): FieldError[] {
  const name = stringAt(container, 'name');
  if (name === undefined) return [];
  if (name === '') return [required(`${path}.name`)];
  if (!isDnsLabel(name)) return [invalid(`${path}.name`, name, DNS_LABEL_RULE)];
  if (takenNames.has(name)) return [duplicate(`${path}.name`, name)];
  takenNames.add(name);
  return [];
}

function imageErrors(container: JsonObject, path: string): FieldError[] {
  const image = stringAt(container, 'image') ?? '';
  if (image === '') return [required(`${path}.image`)];
  return image === image.trim()
    ? []
    : [invalid(`${path}.image`, image, 'must not have leading or trailing whitespace')];
}

function portErrors(container: JsonObject, path: string): FieldError[] {
  const names = new Set<string>();
  return listAt(container, 'ports').flatMap((port, index) => {
    const at = `${path}.ports[${index}]`;
    const errors: FieldError[] = [];
    const name = stringAt(port, 'name');
    if (name && !isPortName(name)) errors.push(invalid(`${at}.name`, name, PORT_NAME_RULE));
    if (name && names.has(name)) errors.push(duplicate(`${at}.name`, name));
    if (name) names.add(name);
    for (const field of ['containerPort', 'hostPort']) {
      const number = numberAt(port, field);
      if (number !== undefined && !isPort(number)) errors.push(invalid(`${at}.${field}`, number, PORT_RULE));
    }
    return errors;
  });
}

function environmentErrors(container: JsonObject, path: string): FieldError[] {
  return listAt(container, 'env').flatMap((variable, index) => {
    const at = `${path}.env[${index}]`;
    const name = stringAt(variable, 'name') ?? '';
    if (name === '') return [required(`${at}.name`)];
    if (!/^[ -<>-~]+$/.test(name))
      return [invalid(`${at}.name`, name, 'must consist only of printable ASCII characters other than "="')];
    const source = variable['valueFrom'];
    if (!isObject(source)) return [];
    if (stringAt(variable, 'value'))
      return [invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty')];
    if (Object.keys(source).length === 1) return [];
    const known = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`';
    return [invalid(`${at}.valueFrom`, '', `must specify one of: ${known}`)];
  });
}

function mountErrors(container: JsonObject, path: string, { volumeNames }: ContainerContext): FieldError[] {
  const mountPaths = new Set<string>();
  return listAt(container, 'volumeMounts').flatMap((mount, index) => {
    const at = `${path}.volumeMounts[${index}]`;
    const errors: FieldError[] = [];
    const name = stringAt(mount, 'name') ?? '';
    const mountPath = stringAt(mount, 'mountPath') ?? '';
    if (name === '') errors.push(required(`${at}.name`));
    else if (!volumeNames.has(name)) errors.push(notFound(`${at}.name`, name));
    if (mountPath === '') errors.push(required(`${at}.mountPath`));
    if (mountPaths.has(mountPath)) errors.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'));
    mountPaths.add(mountPath);
    const subPath = stringAt(mount, 'subPath') ?? '';
    if (subPath.startsWith('/')) errors.push(invalid(`${at}.subPath`, subPath, 'must be a relative path'));
    if (subPath.split('/').includes('..')) errors.push(invalid(`${at}.subPath`, subPath, "must not contain '..'"));
    return errors;
  });
}

const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

function probeErrors(container: JsonObject, path: string): FieldError[] {
  return ['livenessProbe', 'readinessProbe', 'startupProbe'].flatMap((field) => {
    const probe = container[field];
    if (!isObject(probe)) return [];
    const at = `${path}.${field}`;
    const errors: FieldError[] = [];
    const handlers = HANDLERS.filter((handler) => probe[handler] !== undefined);
    if (handlers.length === 0) errors.push(required(at, 'must specify a handler type'));
    for (const extra of handlers.slice(1))
      errors.push(forbidden(`${at}.${extra}`, 'may not specify more than 1 handler type'));
    if (field !== 'readinessProbe' && probe['successThreshold'] !== 1) {
      errors.push(invalid(`${at}.successThreshold`, probe['successThreshold'], 'must be 1'));
    }
    for (const count of ['initialDelaySeconds', 'timeoutSeconds', 'periodSeconds', 'failureThreshold']) {
      const value = numberAt(probe, count);
      if (value !== undefined && value < 0)
        errors.push(invalid(`${at}.${count}`, value, 'must be greater than or equal to 0'));
    }
    return errors;
  });
}
