import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** The image of the Pods in these tests: Debian's static BusyBox and nothing else. */
export const busyboxImage = 'localhost/vdi-test/busybox:1';

const program = '/bin/busybox';

/** Puts the image into an engine. A machine without BusyBox gets it from Debian. */
export async function importBusybox(docker: Docker): Promise<void> {
  if (!existsSync(program)) {
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['install', '--yes', '--no-install-recommends', 'busybox-static'], {
      env,
      stdio: 'ignore',
    });
  }
  const root = mkdtempSync(join(tmpdir(), 'vdi-busybox-'));
  try {
    for (const folder of ['bin', 'etc', 'tmp', 'run', 'var/tmp', 'proc', 'sys', 'dev', 'home']) {
      mkdirSync(join(root, folder), { recursive: true });
    }
    copyFileSync(program, join(root, 'bin/busybox'));
    execFileSync('chroot', [root, '/bin/busybox', '--install', '-s', '/bin']);
    const tar = spawn('tar', ['--create', '--directory', root, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(tar, 'exit');
    await text(await docker.importImage(tar.stdout, { repo: busyboxImage }));
    await ended;
  } finally {
    rmSync(root, { recursive: true });
  }
}
