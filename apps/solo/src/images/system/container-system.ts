import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { UserError } from '@vdi/api';
import type Docker from 'dockerode';
import { pack } from 'tar-stream';
import { saveLayer } from '../archive/layer.ts';
import { hasImage } from '../engine/find-image.ts';
import { pullImage } from '../engine/pull-image.ts';
import { debianBase, neverUnpacked } from '../recipe/debian-base.ts';
import type { ImageRecipe } from '../recipe/image-recipe.ts';
import type { SystemBuilder, SystemRequest } from './system-request.ts';

const scriptFolder = '/var/tmp/vdi-setup';

/** Installs the packages in a container of Debian's own image: for machines that are no Debian but reach a registry. */
export function containerSystem(docker: Docker): SystemBuilder {
  return {
    name: 'in a container',
    async build(request, target) {
      if (!(await hasImage(docker, debianBase.registryImage))) {
        await pullImage(docker, debianBase.registryImage, request.signal);
      }
      const container = await docker.createContainer({
        Image: debianBase.registryImage,
        Cmd: ['/bin/sh', `${scriptFolder}/install`],
        Env: ['DEBIAN_FRONTEND=noninteractive'],
        User: '0:0',
      });
      try {
        await container.putArchive(await scriptArchive(request.recipe), { path: '/var/tmp' });
        await runToEnd(container, request);
        await saveLayer(target, Readable.from(await container.export(), { objectMode: false }));
      } finally {
        await container.remove({ force: true, v: true });
      }
    },
  };
}

/** What runs inside: packages as the recipe wants them, then its setup. */
export function installScript(recipe: ImageRecipe): string {
  const leaveOut = [...neverUnpacked.leaveOut, ...recipe.leaveOut].map((path) => `path-exclude ${path}`);
  const keep = [...neverUnpacked.keep, ...recipe.keep].map((path) => `path-include ${path}`);
  return [
    'set -eu',
    "cat > /etc/dpkg/dpkg.cfg.d/99vdi <<'END'",
    ...leaveOut,
    ...keep,
    'force-unsafe-io',
    'END',
    'apt-get update',
    `apt-get install --yes --no-install-recommends ${recipe.packages.join(' ')}`,
    'apt-get clean',
    'rm -rf /var/lib/apt/lists/* /etc/dpkg/dpkg.cfg.d/99vdi',
    ...recipe.setup.map((script, index) => `sh ${scriptFolder}/${scriptName(script, index)}`),
    `rm -rf ${scriptFolder}`,
    '',
  ].join('\n');
}

async function scriptArchive(recipe: ImageRecipe): Promise<Readable> {
  const tar = pack();
  const folder = basename(scriptFolder);
  tar.entry({ name: `${folder}/install`, mode: 0o644 }, installScript(recipe));
  for (const [index, script] of recipe.setup.entries()) {
    tar.entry({ name: `${folder}/${scriptName(script, index)}`, mode: 0o644 }, await readFile(script));
  }
  tar.finalize();
  return Readable.from(tar, { objectMode: false });
}

const scriptName = (script: string, index: number): string => `${index}-${basename(script)}`;

async function runToEnd(container: Docker.Container, { signal }: SystemRequest): Promise<void> {
  signal.throwIfAborted();
  const stop = (): void => {
    // It may have ended by itself meanwhile; the container is removed in any case.
    container.kill().catch(() => undefined);
  };
  signal.addEventListener('abort', stop);
  try {
    await container.start();
    const { StatusCode: status } = (await container.wait()) as { readonly StatusCode: number };
    signal.throwIfAborted();
    if (status !== 0) throw await installFailure(container, status);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

async function installFailure(container: Docker.Container, status: number): Promise<UserError> {
  const log = await container.logs({ stdout: true, stderr: true, tail: 12, follow: false });
  const lastLines = log.toString().replaceAll(/[^\x20-\x7e\n]/g, '');
  return new UserError('SystemNotBuilt', {
    what: 'Packages could not be installed in a container',
    why: `The installation ended with status ${status}; its last lines were:\n${lastLines}`,
    whatToDo: 'Make sure that containers reach the servers of Debian, or install mmdebstrap on this machine',
  });
}
