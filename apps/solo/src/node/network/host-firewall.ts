import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../engine/find-program.ts';
import { bridgePrefix } from './bridge-name.ts';

const run = promisify(execFile);

/**
 * Keeps containers from opening connections to this machine itself: on a bridge they could otherwise reach whatever
 * listens on all addresses. One rule for all of our bridges; answers to connections from here still pass.
 */
export async function closeHost(owner: string): Promise<void> {
  for (const program of firewalls()) {
    const isThere = await succeeds(program, ['--check', 'INPUT', ...rule(owner)]);
    if (!isThere) await run(program, ['--wait', '--insert', 'INPUT', '1', ...rule(owner)]);
  }
}

/** Takes the rule away again. Repeating it changes nothing. */
export async function reopenHost(owner: string): Promise<void> {
  for (const program of firewalls()) {
    // Bounded: somebody may have added the rule more than once, but not forever.
    for (let count = 0; count < 10; count += 1) {
      if (!(await succeeds(program, ['--wait', '--delete', 'INPUT', ...rule(owner)]))) break;
    }
  }
}

function rule(owner: string): readonly string[] {
  const isNew = ['--match', 'conntrack', '--ctstate', 'NEW'];
  const comment = ['--match', 'comment', '--comment', 'vdi: containers do not reach this machine'];
  return ['--in-interface', `${bridgePrefix(owner)}+`, ...isNew, ...comment, '--jump', 'REJECT'];
}

function firewalls(): readonly string[] {
  const [ipv4, ipv6] = [findProgram('iptables'), findProgram('ip6tables')];
  if (ipv4 === undefined) throw new Error('the program iptables is missing; type: apt-get install --yes iptables');
  return ipv6 === undefined ? [ipv4] : [ipv4, ipv6];
}

async function succeeds(program: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(program, [...args]);
    return true;
  } catch {
    // That it fails is the answer: there is no such rule.
    return false;
  }
}
