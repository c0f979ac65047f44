/** Rules of NetworkPolicy, Ingress and EndpointSlice. */
import type { FieldError } from '../../api-error.ts';
import type { KubernetesObject } from '../../resource/resource.ts';
import { isDnsSubdomain } from '../../registry/names.ts';
import { forbidden, invalid, notSupported, required } from '../field-error.ts';
import { isCidr, isIpAddress } from '../format.ts';
import { isObject, listAt, numberAt, objectAt, stringAt } from '../json.ts';
import type { JsonObject } from '../json.ts';
import type { KindRules } from './kind-rules.ts';
import { selectorErrors } from './label-selector.ts';
import { IMMUTABLE, isPort, PORT_RULE, portErrors } from './words.ts';

export const networkPolicyRules: KindRules = {
  complete: (policy) => {
    const spec = objectAt(policy, 'spec');
    const policyTypes = spec['policyTypes'] ?? ['Ingress', ...(listAt(spec, 'egress').length > 0 ? ['Egress'] : [])];
    return { ...policy, spec: { podSelector: {}, ...spec, policyTypes } };
  },
  validate: (policy) => {
    const spec = objectAt(policy, 'spec');
    const types = Array.isArray(spec['policyTypes']) ? spec['policyTypes'] : [];
    return [
      ...selectorErrors(objectAt(spec, 'podSelector'), 'spec.podSelector'),
      ...types
        .filter((type) => type !== 'Ingress' && type !== 'Egress')
        .map((type) => notSupported('spec.policyTypes', type, ['Egress', 'Ingress'])),
      ...listAt(spec, 'ingress').flatMap((rule, index) => policyRuleErrors(rule, 'from', `spec.ingress[${index}]`)),
      ...listAt(spec, 'egress').flatMap((rule, index) => policyRuleErrors(rule, 'to', `spec.egress[${index}]`)),
    ];
  },
};

function policyRuleErrors(rule: JsonObject, peers: 'from' | 'to', path: string): FieldError[] {
  return [
    ...listAt(rule, 'ports').flatMap((port, index) => policyPortErrors(port, `${path}.ports[${index}]`)),
    ...listAt(rule, peers).flatMap((peer, index) => peerErrors(peer, `${path}.${peers}[${index}]`)),
  ];
}

function policyPortErrors(entry: JsonObject, path: string): FieldError[] {
  const { port } = entry;
  const end = numberAt(entry, 'endPort');
  const errors = portErrors(port, `${path}.port`);
  const protocol = stringAt(entry, 'protocol');
  if (protocol !== undefined && !['SCTP', 'TCP', 'UDP'].includes(protocol)) {
    errors.push(notSupported(`${path}.protocol`, protocol, ['SCTP', 'TCP', 'UDP']));
  }
  if (end === undefined) return errors;
  if (typeof port !== 'number')
    return [...errors, required(`${path}.port`, 'must be specified as a number when `endPort` is set')];
  if (!isPort(end)) return [...errors, invalid(`${path}.endPort`, end, PORT_RULE)];
  return end < port ? [...errors, invalid(`${path}.endPort`, end, 'must be greater than or equal to `port`')] : errors;
}

function peerErrors(peer: JsonObject, path: string): FieldError[] {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  const errors = [
    ...selectorErrors(objectAt(peer, 'podSelector'), `${path}.podSelector`),
    ...selectorErrors(objectAt(peer, 'namespaceSelector'), `${path}.namespaceSelector`),
  ];
  if (ipBlock === undefined) {
    return podSelector === undefined && namespaceSelector === undefined
      ? [required(path, 'must specify a peer')]
      : errors;
  }
  if (podSelector !== undefined || namespaceSelector !== undefined) {
    errors.push(forbidden(path, 'may not specify both ipBlock and another peer'));
  }
  const cidr = stringAt(ipBlock, 'cidr') ?? '';
  if (cidr === '') errors.push(required(`${path}.ipBlock.cidr`));
  else if (!isCidr(cidr)) errors.push(invalid(`${path}.ipBlock.cidr`, cidr, CIDR_RULE));
  const except = isObject(ipBlock) && Array.isArray(ipBlock['except']) ? ipBlock['except'].map(String) : [];
  return [
    ...errors,
    ...except.flatMap((range, index) =>
      isCidr(range) ? [] : [invalid(`${path}.ipBlock.except[${index}]`, range, CIDR_RULE)],
    ),
  ];
}

const CIDR_RULE = 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)';
const PATH_TYPES = ['Exact', 'ImplementationSpecific', 'Prefix'];

export const ingressRules: KindRules = {
  validate: (ingress) => {
    const spec = objectAt(ingress, 'spec');
    const rules = listAt(spec, 'rules');
    const errors: FieldError[] = [];
    if (rules.length === 0 && spec['defaultBackend'] === undefined) {
      errors.push(invalid('spec', [], 'either `defaultBackend` or `rules` must be specified'));
    }
    if (isObject(spec['defaultBackend'])) errors.push(...backendErrors(spec['defaultBackend'], 'spec.defaultBackend'));
    return [...errors, ...rules.flatMap((rule, index) => ingressRuleErrors(rule, `spec.rules[${index}]`))];
  },
};

function ingressRuleErrors(rule: JsonObject, path: string): FieldError[] {
  const host = stringAt(rule, 'host') ?? '';
  const errors: FieldError[] = [];
  if (host !== '' && !isDnsSubdomain(host.replace(/^\*\./, ''))) {
    errors.push(invalid(`${path}.host`, host, 'must be a DNS name, which may start with "*."'));
  }
  return [
    ...errors,
    ...listAt(objectAt(rule, 'http'), 'paths').flatMap((entry, index) =>
      ingressPathErrors(entry, `${path}.http.paths[${index}]`),
    ),
  ];
}

function ingressPathErrors(entry: JsonObject, path: string): FieldError[] {
  const type = stringAt(entry, 'pathType');
  const errors = backendErrors(objectAt(entry, 'backend'), `${path}.backend`);
  if (type !== undefined && !PATH_TYPES.includes(type)) errors.push(notSupported(`${path}.pathType`, type, PATH_TYPES));
  const urlPath = stringAt(entry, 'path') ?? '';
  if (type !== 'ImplementationSpecific' && !urlPath.startsWith('/'))
    errors.push(invalid(`${path}.path`, urlPath, 'must be an absolute path'));
  return errors;
}

function backendErrors(backend: JsonObject, path: string): FieldError[] {
  const { resource, service } = backend;
  if (resource !== undefined && service !== undefined)
    return [invalid(path, '', 'cannot set both resource and service backends')];
  if (!isObject(service))
    return resource === undefined ? [required(path, 'either a service or a resource backend must be specified')] : [];
  const errors = stringAt(service, 'name') ? [] : [required(`${path}.service.name`)];
  const port = objectAt(service, 'port');
  const given = port['number'] ?? port['name'];
  if (given === undefined) return [...errors, required(`${path}.service`, 'port name or number is required')];
  return [...errors, ...portErrors(given, `${path}.service.port`)];
}

export const endpointSliceRules: KindRules = {
  validate: (slice: KubernetesObject, old: KubernetesObject | undefined) => {
    const type = stringAt(slice, 'addressType');
    const errors: FieldError[] = old && old['addressType'] !== type ? [invalid('addressType', type, IMMUTABLE)] : [];
    for (const [index, endpoint] of listAt(slice, 'endpoints').entries()) {
      const addresses = Array.isArray(endpoint['addresses']) ? endpoint['addresses'].map(String) : [];
      if (addresses.length === 0)
        errors.push(required(`endpoints[${index}].addresses`, 'must contain at least 1 address'));
      if (type === 'FQDN') continue;
      const wrong = addresses.filter((address) => !isIpAddress(address) || (type === 'IPv4') === address.includes(':'));
      errors.push(
        ...wrong.map((address) => invalid(`endpoints[${index}].addresses`, address, `must be an ${type} address`)),
      );
    }
    return errors;
  },
};
