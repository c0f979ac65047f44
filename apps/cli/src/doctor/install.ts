import { spawnSync } from 'node:child_process';
import { UserError } from '@vdi/api';
import type { Need } from './needs.ts';

/** The command that installs what Debian has of the missing things, or undefined if it has none of them. */
export function installCommand(missing: readonly Need[], isRoot: boolean): readonly string[] | undefined {
  const packages = missing.flatMap(({ remedy }) => ('debianPackage' in remedy ? [remedy.debianPackage] : []));
  if (packages.length === 0) return undefined;
  const install = ['apt-get', 'install', '--yes', '--no-install-recommends', ...packages];
  return isRoot ? install : ['sudo', ...install];
}

/** Installs missing Debian packages when that needs no password; else says what to type. Anything else missing is an error. */
export async function installMissing(missing: readonly Need[], say: (line: string) => void): Promise<void> {
  const beyondDebian = missing.find(({ remedy }) => 'advice' in remedy);
  if (beyondDebian !== undefined && 'advice' in beyondDebian.remedy) {
    throw new UserError('NeedMissing', {
      what: `This machine lacks ${beyondDebian.name}`,
      why: `It is needed ${beyondDebian.purpose}`,
      whatToDo: beyondDebian.remedy.advice,
    });
  }
  const isRoot = process.getuid?.() === 0;
  const command = installCommand(missing, isRoot);
  if (command === undefined) return;
  if (!isRoot && !succeeds('sudo', ['--non-interactive', 'true'])) throw mustBeTyped(missing, command);
  say(`… Installing: ${command.join(' ')}`);
  const [program = '', ...args] = command;
  if (!succeeds(program, args)) throw mustBeTyped(missing, command);
}

function succeeds(program: string, args: readonly string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

function mustBeTyped(missing: readonly Need[], command: readonly string[]): UserError {
  return new UserError('NeedMissing', {
    what: `This machine lacks ${missing.map(({ name }) => name).join(', ')}`,
    why: 'Installing packages needs root, or sudo without a password, and a package source that can be reached',
    whatToDo: `Type: ${command.join(' ')}`,
  });
}
