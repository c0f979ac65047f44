/** Rules of ConfigMaps and Secrets: keys become file names, so they must be harmless ones. */
import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { invalid, required, tooLong } from '../field-error.ts';
import { isObject, objectAt, stringAt } from '../json.ts';
import type { KindRules } from './kind-rules.ts';

const MAX_BYTES = 1024 * 1024;
const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name', or 'KEY_NAME', or 'key-name')";

export const configMapRules: KindRules = {
  validate: (configMap) => {
    const data = objectAt(configMap, 'data');
    const binaryData = objectAt(configMap, 'binaryData');
    const shared = Object.keys(binaryData)
      .filter((key) => Object.hasOwn(data, key))
      .map((key) => invalid(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    return [...keyErrors(data, 'data'), ...keyErrors(binaryData, 'binaryData'), ...shared, ...sizeErrors(configMap)];
  },
};

export const secretRules: KindRules = {
  validate: (secret) => [...keyErrors(objectAt(secret, 'data'), 'data'), ...sizeErrors(secret), ...typeErrors(secret)],
};

function keyErrors(data: object, path: string): FieldError[] {
  return Object.keys(data)
    .filter((key) => !/^[-._a-zA-Z0-9]{1,253}$/.test(key) || key === '.' || key.startsWith('..'))
    .map((key) => invalid(`${path}[${key}]`, key, KEY_RULE));
}

function sizeErrors(object: KubernetesObject): FieldError[] {
  const plain = object.kind === 'ConfigMap' ? Object.values(objectAt(object, 'data')) : [];
  const encoded = Object.values(objectAt(object, object.kind === 'ConfigMap' ? 'binaryData' : 'data'));
  const bytes =
    plain.reduce<number>((sum, value) => sum + Buffer.byteLength(String(value)), 0) +
    encoded.reduce<number>((sum, value) => sum + Buffer.byteLength(String(value), 'base64'), 0);
  return bytes > MAX_BYTES ? [tooLong(object.kind === 'ConfigMap' ? '' : 'data', MAX_BYTES)] : [];
}

/** What a Secret of a known type must hold. */
const TYPE_KEYS: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

function typeErrors(secret: KubernetesObject): FieldError[] {
  const type = stringAt(secret, 'type') ?? '';
  const data = objectAt(secret, 'data');
  const missing = (TYPE_KEYS[type] ?? [])
    .filter((key) => !Object.hasOwn(data, key))
    .map((key) => required(`data[${key}]`));
  if (type === 'kubernetes.io/basic-auth' && !('username' in data) && !('password' in data)) {
    return [required('data[username]'), required('data[password]')];
  }
  const config = stringAt(data, '.dockerconfigjson');
  if (type !== 'kubernetes.io/dockerconfigjson' || config === undefined || isJsonObject(config)) return missing;
  return [...missing, invalid('data[.dockerconfigjson]', '<secret contents redacted>', 'must be a JSON object')];
}

function isJsonObject(base64: string): boolean {
  try {
    return isObject(JSON.parse(Buffer.from(base64, 'base64').toString('utf8')));
  } catch {
    // Not JSON: exactly what is asked here.
    return false;
  }
}
