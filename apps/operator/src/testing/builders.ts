import {
  apiVersion,
  userKey,
  type VDISession,
  type VDISessionSpec,
  type VDITemplate,
  type VDITemplateSpec,
  type VDIUser,
  type VDIUserSpec,
} from '@vdi/api';
import { defaultSettings, type OperatorSettings } from '../settings.ts';

/** Objects for tests: valid and plain unless the test says otherwise. */

export function aSession(
  spec: Partial<VDISessionSpec> = {},
  metadata: Partial<VDISession['metadata']> = {},
): VDISession {
  return {
    apiVersion,
    kind: 'VDISession',
    metadata: { name: 'desk', namespace: 'vdi-sessions', ...metadata },
    spec: { user: 'alice@example.com', template: 'xfce', ...spec },
  };
}

export function aTemplate(spec: Partial<VDITemplateSpec> = {}, name = 'xfce'): VDITemplate {
  return { apiVersion, kind: 'VDITemplate', metadata: { name }, spec: { image: 'registry.example/xfce:1', ...spec } };
}

export function aUser(spec: Partial<VDIUserSpec> = {}): VDIUser {
  const user = spec.user ?? 'alice@example.com';
  return { apiVersion, kind: 'VDIUser', metadata: { name: userKey(user) }, spec: { ...spec, user } };
}

export const testSettings: OperatorSettings = {
  ...defaultSettings,
  displayImage: 'registry.example/display:1',
  address: { kind: 'domain', domain: 'vdi.example.com' },
};

export const testTicketKeys = { keys: [{ kty: 'OKP', crv: 'Ed25519', x: 'AAAA', kid: 'one' }] };
