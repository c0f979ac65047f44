import { buildApplication, buildCommand, buildRouteMap, numberParser, text_en } from '@stricli/core';
import type { CliContext } from './cli-context.ts';
import packageFacts from '../package.json' with { type: 'json' };
import { defaultPort } from './config.ts';
import { explain } from './explain.ts';

const stateDirectoryFlag = {
  kind: 'parsed',
  parse: String,
  optional: true,
  placeholder: 'directory',
  brief: 'Where the state lies (default: $XDG_STATE_HOME/vdi or ~/.local/state/vdi)',
} as const;

const up = buildCommand({
  loader: async () => withContext((await import('./commands/up.ts')).up),
  parameters: {
    flags: {
      stateDir: stateDirectoryFlag,
      port: {
        kind: 'parsed',
        parse: parsePort,
        default: String(defaultPort),
        placeholder: 'port',
        brief: 'Port of the dashboard, http://localhost:<port>; 0 takes any free one',
      },
      apiPort: {
        kind: 'parsed',
        parse: parsePort,
        optional: true,
        placeholder: 'port',
        brief: 'Port of the Kubernetes API on 127.0.0.1 (default: 7443, or any free one where that is taken)',
      },
      engine: {
        kind: 'enum',
        values: ['auto', 'docker', 'podman', 'none'],
        default: 'auto',
        brief: 'Which container engine runs desktops; auto takes Docker where it answers, none runs only the API',
      },
      mediaAddress: {
        kind: 'parsed',
        parse: String,
        default: '127.0.0.1',
        placeholder: 'address',
        brief: 'Address of this machine by which browsers reach the desktops’ media',
      },
      detach: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Go on in the background once everything is ready',
      },
      install: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Install the Debian packages that are missing',
      },
    },
  },
  docs: { brief: 'Start virtual desktops on this machine' },
});

const down = buildCommand({
  loader: async () => withContext((await import('./commands/down.ts')).down),
  parameters: {
    flags: {
      stateDir: stateDirectoryFlag,
      keepPods: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Let desktops run on; the next up finds them',
      },
    },
  },
  docs: { brief: 'Stop what up started; homes and settings stay' },
});

const status = buildCommand({
  loader: async () => withContext((await import('./commands/status.ts')).status),
  parameters: {
    flags: {
      stateDir: stateDirectoryFlag,
      output: { kind: 'enum', values: ['text', 'json'], default: 'text', brief: 'For people, or for programs' },
    },
  },
  docs: { brief: 'Say what is running' },
});

const doctor = buildCommand({
  loader: async () => withContext((await import('./commands/doctor.ts')).doctor),
  parameters: {},
  docs: { brief: 'Say what this machine lacks and the command that mends it' },
});

const imageFlags = {
  stateDir: stateDirectoryFlag,
  engine: {
    kind: 'enum',
    values: ['auto', 'docker', 'podman'],
    default: 'auto',
    brief: 'Which container engine has the images; auto takes Docker where it answers',
  },
} as const;

const imageNames = {
  kind: 'array',
  parameter: { parse: String, placeholder: 'image', brief: 'control, desktop or display (default: all)' },
} as const;

const images = buildRouteMap({
  routes: {
    build: buildCommand({
      loader: async () => withContext((await import('./commands/images.ts')).buildImagesCommand),
      parameters: { flags: imageFlags, positional: imageNames },
      docs: { brief: 'Build what this checkout describes, from Debian packages' },
    }),
    list: buildCommand({
      loader: async () => withContext((await import('./commands/images.ts')).listImagesCommand),
      parameters: { flags: imageFlags },
      docs: { brief: 'Say which are there' },
    }),
    archive: buildCommand({
      loader: async () => withContext((await import('./commands/images.ts')).archiveImagesCommand),
      parameters: {
        flags: {
          ...imageFlags,
          output: { kind: 'parsed', parse: String, placeholder: 'directory', brief: 'Where the files go' },
        },
        positional: imageNames,
      },
      docs: { brief: 'Write files for podman load, docker load and k3s ctr images import on other machines' },
    }),
  },
  docs: { brief: 'Build, list and hand on the images of desktops' },
});

/** The command line, without the process that runs it. */
export const app = buildApplication<CliContext>(
  buildRouteMap({
    routes: { up, down, status, doctor, images },
    docs: { brief: 'Virtual desktops on this machine, streamed to the browser' },
  }),
  {
    name: 'vdi',
    versionInfo: { currentVersion: packageFacts.version },
    scanner: { caseStyle: 'allow-kebab-for-camel' },
    documentation: { caseStyle: 'convert-camel-to-kebab' },
    localization: {
      text: {
        ...text_en,
        exceptionWhileParsingArguments: (error, ansiColor) =>
          `${text_en.exceptionWhileParsingArguments(error, ansiColor)}\n  Fix: vdi --help lists the commands, and vdi <command> --help what each of them takes.`,
        exceptionWhileRunningCommand: explain,
        commandErrorResult: ({ message }) => message,
      },
    },
  },
);

/** Stricli hands the context on as `this`; our commands take it as their first argument. */
function withContext<Args extends readonly unknown[], Result>(command: (context: CliContext, ...args: Args) => Result) {
  return function (this: CliContext, ...args: Args): Result {
    return command(this, ...args);
  };
}

function parsePort(input: string): number {
  const port = numberParser(input);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new SyntaxError(`A port is a whole number from 0 to 65535, not ${input}`);
  return port;
}
