import { ClipboardPolicy, IceServer, Size } from '@vdi/protocol';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parseMediaAddresses, type MediaAddress } from './peer/media-address.ts';

/** Something in the environment is wrong; the message names the variable and says what it must be. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const Application = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 64 }),
  icon: Type.Optional(Type.String({ maxLength: 512 })),
  command: Type.Optional(Type.Array(Type.String(), { maxItems: 64 })),
});
export type Application = Static<typeof Application>;

/** The part of the template's policy that is enforced here; what else it holds is for others. */
const Policy = Type.Object({ clipboard: Type.Optional(ClipboardPolicy) });

/** Everything the agent is told from outside. Every value has a default that works in the display image. */
export interface AgentConfig {
  readonly version: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly mediaPort: number;
  /** Where viewers reach `mediaPort`; empty: at this machine's own addresses. */
  readonly mediaAddresses: readonly MediaAddress[];
  readonly iceServers: readonly IceServer[];
  readonly session: { readonly uid: string; readonly name: string };
  readonly secretDirectory: string;
  readonly viewerDirectory: string;
  readonly maximumScreen: Size;
  readonly screen: Size;
  readonly display: string;
  readonly applications: readonly Application[];
  /** The named pipe that the launcher of the desktop's image reads. */
  readonly launcherPipe: string;
  /** Which way the clipboard may go. */
  readonly clipboard: ClipboardPolicy;
  readonly maximumViewers: number;
  readonly encoder: 'auto' | 'nvenc' | 'software';
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** @param uid of this process @throws ConfigError */
export function readConfig(environment: Environment, uid: number): AgentConfig {
  const sessionUid = environment['VDI_SESSION_UID'];
  if (sessionUid === undefined || sessionUid === '') {
    throw new ConfigError(
      'VDI_SESSION_UID is not set. It must be the UID of the VDISession: tickets are issued for it.',
    );
  }
  const value = (name: string, fallback: string): string => environment[name] || fallback;
  return {
    version: value('VDI_VERSION', '0.1.0'),
    listen: readListen(value('VDI_LISTEN', '0.0.0.0:8080')),
    mediaPort: readInteger('VDI_MEDIA_PORT', value('VDI_MEDIA_PORT', '50000'), 65_535),
    mediaAddresses: readMediaAddresses(value('VDI_MEDIA_ADDRESSES', '')),
    iceServers: readJson('VDI_ICE_SERVERS', value('VDI_ICE_SERVERS', '[]'), Type.Array(IceServer, { maxItems: 8 })),
    session: { uid: sessionUid, name: value('VDI_SESSION_NAME', sessionUid) },
    secretDirectory: value('VDI_SECRET_DIR', '/run/vdi/secret'),
    viewerDirectory: value('VDI_VIEWER_DIR', '/opt/vdi/viewer'),
    maximumScreen: readSize('VDI_MAX_SCREEN', value('VDI_MAX_SCREEN', '3840x2160')),
    screen: readSize('VDI_SCREEN', value('VDI_SCREEN', '1280x720')),
    display: value('DISPLAY', ':0'),
    applications: readJson(
      'VDI_APPLICATIONS',
      value('VDI_APPLICATIONS', '[]'),
      Type.Array(Application, { maxItems: 64 }),
    ),
    clipboard: readJson('VDI_POLICY', value('VDI_POLICY', '{}'), Policy).clipboard ?? 'both',
    launcherPipe: value('VDI_LAUNCHER', `/run/user/${uid}/vdi-launcher`),
    maximumViewers: readInteger('VDI_MAX_VIEWERS', value('VDI_MAX_VIEWERS', '16'), 256),
    encoder: readChoice('VDI_ENCODER', value('VDI_ENCODER', 'auto'), ['auto', 'nvenc', 'software']),
    logLevel: readChoice('VDI_LOG_LEVEL', value('VDI_LOG_LEVEL', 'info'), ['debug', 'info', 'warn', 'error']),
  };
}

function readListen(text: string): AgentConfig['listen'] {
  const match = /^(?<host>.+):(?<port>\d{1,5})$/.exec(text);
  const { host, port } = match?.groups ?? {};
  if (host === undefined || port === undefined) {
    throw new ConfigError(`VDI_LISTEN is "${text}". It must be host:port, such as 0.0.0.0:8080.`);
  }
  return { host: host.replace(/^\[|\]$/g, ''), port: readInteger('VDI_LISTEN', port, 65_535) };
}

function readInteger(name: string, text: string, maximum: number): number {
  const number = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number >= 0 && number <= maximum)) {
    throw new ConfigError(`${name} is "${text}". It must be a whole number from 0 to ${maximum}.`);
  }
  return number;
}

function readSize(name: string, text: string): Size {
  const { width, height } = /^(?<width>\d{2,5})x(?<height>\d{2,5})$/.exec(text)?.groups ?? {};
  const size = { width: Number(width), height: Number(height) };
  if (!Value.Check(Size, size))
    throw new ConfigError(`${name} is "${text}". It must be WIDTHxHEIGHT, such as 1280x720.`);
  return size;
}

function readMediaAddresses(text: string): readonly MediaAddress[] {
  try {
    return parseMediaAddresses(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`VDI_MEDIA_ADDRESSES is "${text}". ${reason}`, { cause });
  }
}

function readChoice<Choice extends string>(name: string, text: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((candidate) => candidate === text);
  if (choice === undefined) throw new ConfigError(`${name} is "${text}". It must be one of ${choices.join(', ')}.`);
  return choice;
}

function readJson<Schema extends TSchema>(name: string, text: string, schema: Schema): Static<Schema> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(`${name} is not JSON.`, { cause });
  }
  if (Value.Check(schema, value)) return value;
  const [first] = Value.Errors(schema, value);
  throw new ConfigError(`${name} is not of the right shape: ${first?.instancePath ?? ''} ${first?.message ?? ''}.`);
}
