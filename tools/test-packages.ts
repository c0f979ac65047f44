import { spawnSync } from 'node:child_process';

/** Debian packages that the tests drive real programs of, beside what `vdi up --install` brings for itself. */
const testPackages: readonly string[] = [
  // containers and their images
  'busybox-static',
  'debian-archive-keyring',
  'iptables',
  'mmdebstrap',
  'netavark',
  'podman',
  'runc',
  'slirp4netns',
  'uidmap',
  // the agent outside its image
  'gstreamer1.0-libav',
  'gstreamer1.0-plugins-bad',
  'gstreamer1.0-plugins-base',
  'gstreamer1.0-plugins-good',
  'gstreamer1.0-plugins-ugly',
  'libyuv0',
  'x11-apps',
  'x11-utils',
  'x11-xserver-utils',
  'xclip',
  'xkb-data',
  'xterm',
  'xvfb',
  // the browser
  'chromium',
];

/** Those of `packages` that dpkg does not have installed. */
function missingPackages(packages: readonly string[]): readonly string[] {
  const query = spawnSync('dpkg-query', ['--show', '--showformat', '${Package} ${db:Status-Status}\\n', ...packages], {
    encoding: 'utf8',
  });
  const installed = new Set(
    (query.stdout ?? '').split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0] ?? ''] : [])),
  );
  return packages.filter((name) => !installed.has(name));
}

/** Installs what the tests miss; false, with the command to type, when that needs a password or fails. */
export function installTestPackages(packages: readonly string[] = testPackages): boolean {
  const missing = missingPackages(packages);
  if (missing.length === 0) return true;
  const asRoot = process.getuid?.() === 0 ? [] : ['sudo', '--non-interactive'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (...args: string[]): boolean => {
    const [program = '', ...rest] = [...asRoot, 'apt-get', ...args];
    return spawnSync(program, rest, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
  };
  console.log(`Installing what the tests need: ${missing.join(' ')}`);
  const isDone =
    apt('update') && apt('install', '--yes', '--no-install-recommends', '-o', 'DPkg::Lock::Timeout=300', ...missing);
  if (!isDone) {
    console.error(
      `The tests need packages that could not be installed.\nType: sudo apt-get install --yes --no-install-recommends ${missing.join(' ')}`,
    );
  }
  return isDone;
}
