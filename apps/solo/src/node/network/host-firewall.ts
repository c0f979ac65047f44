import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findProgram } from '../engine/find-program.ts';
import { isFolder } from '../is-folder.ts';
import { bridgePrefix } from './bridge-name.ts';
import { staleRules } from './stale-rules.ts';

const run = promisify(execFile);

interface Rule {
  readonly chain: 'INPUT' | 'FORWARD';
  readonly match: readonly string[];
}

/**
 * Separates containers from this machine and sessions from everybody: no connection from a bridge of ours to the machine
 * itself, where they could otherwise reach whatever listens on all addresses, and nothing between a session and any other
 * bridge of ours. Engines promise the second themselves, but Podman's rules can be lost when two Podmans change the
 * firewall at the same moment; these few are there from the start and stay.
 */
export async function closeNetworks(owner: string): Promise<void> {
  await sweepRules(owner);
  for (const program of firewalls()) {
    for (const { chain, match } of rules(owner)) {
      const isThere = await succeeds(program, ['--wait', '--check', chain, ...match]);
      if (!isThere) await run(program, ['--wait', '--insert', chain, '1', ...match]);
    }
  }
}

/** Deletes rules about bridges of ours that are gone. */
async function sweepRules(owner: string): Promise<void> {
  for (const program of firewalls()) {
    const { stdout } = await run(program, ['--wait', '--list-rules']);
    for (const rule of staleRules(stdout, owner, (name) => isFolder(`/sys/class/net/${name}`))) {
      await succeeds(program, ['--wait', ...rule]);
    }
  }
}

/** Takes the rules away again. Repeating it changes nothing. */
export async function reopenNetworks(owner: string): Promise<void> {
  await sweepRules(owner);
  for (const program of firewalls()) {
    for (const { chain, match } of rules(owner)) await succeeds(program, ['--wait', '--delete', chain, ...match]);
  }
}

function rules(owner: string): readonly Rule[] {
  const session = `${bridgePrefix(owner, 'session')}+`;
  const shared = `${bridgePrefix(owner, 'namespace')}+`;
  const isNew = ['--match', 'conntrack', '--ctstate', 'NEW'];
  const because = (why: string): readonly string[] => [
    '--match',
    'comment',
    '--comment',
    `vdi: ${why}`,
    '--jump',
    'REJECT',
  ];
  return [
    { chain: 'INPUT', match: ['-i', session, ...isNew, ...because('not to this machine')] },
    { chain: 'INPUT', match: ['-i', shared, ...isNew, ...because('not to this machine')] },
    // A session is alone on its bridge, so what is forwarded from one such bridge to another comes from somebody else.
    { chain: 'FORWARD', match: ['-i', session, '-o', session, ...because('not between sessions')] },
    { chain: 'FORWARD', match: ['-i', session, '-o', shared, ...because('not out of a session')] },
    { chain: 'FORWARD', match: ['-i', shared, '-o', session, ...because('not into a session')] },
  ];
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
