import { UserError } from '@vdi/api';
import { defaultSettings, type OperatorSettings, type SessionAddress } from './settings.ts';

/** What the environment of the operator's Deployment says. */
export interface OperatorConfig {
  readonly settings: OperatorSettings;
  /** Where the operator itself runs, and the gateway's public keys lie. */
  readonly namespace: string;
  /** Unique among all operators: the Pod's name. */
  readonly identity: string;
  /** The ConfigMap that the gateway keeps its public ticket keys in. */
  readonly ticketKeysConfigMap: string;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
  /** Where health and metrics are served. */
  readonly listen: { readonly host: string; readonly port: number };
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Throws `UserError` naming the variable that is missing or wrong. */
export function readConfig(environment: Environment): OperatorConfig {
  const value = (name: string, fallback: string): string => environment[name] || fallback;
  return {
    settings: readSettings(environment),
    namespace: value('VDI_NAMESPACE', 'vdi-system'),
    identity: required(environment, 'VDI_POD_NAME', 'the name of this Pod, from fieldRef metadata.name'),
    ticketKeysConfigMap: value('VDI_TICKET_KEYS_CONFIGMAP', 'vdi-ticket-keys'),
    logLevel: readChoice('VDI_LOG_LEVEL', value('VDI_LOG_LEVEL', 'info'), ['debug', 'info', 'warn', 'error']),
    listen: {
      host: value('VDI_LISTEN_HOST', '0.0.0.0'),
      port: readPort('VDI_LISTEN_PORT', value('VDI_LISTEN_PORT', '8081')),
    },
  };
}

function readSettings(environment: Environment): OperatorSettings {
  const overrides = readJson('VDI_SETTINGS', environment['VDI_SETTINGS'] || '{}') as Partial<OperatorSettings>;
  const unknown = Object.keys(overrides).find((key) => !(key in defaultSettings));
  if (unknown !== undefined) {
    throw wrong(
      'VDI_SETTINGS',
      `it has a field "${unknown}" that there is not`,
      `Use some of ${Object.keys(defaultSettings).join(', ')}`,
    );
  }
  return {
    ...defaultSettings,
    ...overrides,
    displayImage: required(environment, 'VDI_DISPLAY_IMAGE', 'the image of the display container'),
    address: readAddress(environment),
  };
}

function readAddress(environment: Environment): SessionAddress {
  const domain = required(
    environment,
    'VDI_DOMAIN',
    'the domain whose subdomains are sessions, such as vdi.example.com',
  );
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(domain)) {
    throw wrong('VDI_DOMAIN', `"${domain}" is no domain name`, 'Write something like vdi.example.com');
  }
  return { kind: 'domain', domain, port: readPort('VDI_PUBLIC_PORT', environment['VDI_PUBLIC_PORT'] || '443') };
}

function required(environment: Environment, name: string, what: string): string {
  const value = environment[name];
  if (value === undefined || value === '') throw wrong(name, 'it is not set', `Set it to ${what}`);
  return value;
}

function readPort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw wrong(name, `"${text}" is no port`, 'Write a number from 1 to 65535');
  return port;
}

function readChoice<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw wrong(name, `"${text}" is none of its values`, `Write one of ${choices.join(', ')}`);
  return choice;
}

function readJson(name: string, text: string): object {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  } catch (error) {
    throw wrong(name, `it is not JSON (${String(error)})`, 'Write a JSON object');
  }
  throw wrong(name, 'it is not a JSON object', 'Write something like {"namespaces":["vdi-sessions"]}');
}

function wrong(name: string, why: string, whatToDo: string): UserError {
  return new UserError('OperatorConfigWrong', { what: `The operator cannot start with ${name}`, why, whatToDo });
}
