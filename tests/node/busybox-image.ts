import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type Docker from 'dockerode';

/** The image of the Pods in these tests: Debian's static BusyBox, and the Perl of every Debian for UDP, which BusyBox lacks. */
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
    copyPerl(root);
    const tar = spawn('tar', ['--create', '--directory', root, '.'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(tar, 'exit');
    await text(await docker.importImage(tar.stdout, { repo: busyboxImage }));
    await ended;
  } finally {
    rmSync(root, { recursive: true });
  }
}

/** perl-base is essential in Debian: the program, its modules, and the libraries that the loader names. */
function copyPerl(root: string): void {
  const libraries = execFileSync('ldd', ['/usr/bin/perl'], { encoding: 'utf8' }).match(/\/\S+/g) ?? [];
  const modules = execFileSync('dpkg', ['-L', 'perl-base'], { encoding: 'utf8' })
    .split('\n')
    .filter((path) => path.endsWith('/perl-base'));
  execFileSync('cp', ['--recursive', '--dereference', '--parents', '/usr/bin/perl', ...libraries, ...modules, root]);
}
