import type { ImageContent } from './image-archive.ts';

/** Label with the fingerprint of an image's inputs. */
export const fingerprintLabel = 'vdi.kasm.io/fingerprint';

/** The image configuration of the OCI image specification 1.1. No times: they would make equal images differ. */
export function imageConfig({ recipe, layers, fingerprint }: ImageContent): unknown {
  const { user, workingDirectory, environment, entrypoint, ports } = recipe.config;
  return {
    architecture: ociArchitecture(process.arch),
    os: 'linux',
    config: {
      User: user,
      WorkingDir: workingDirectory,
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      Entrypoint: entrypoint,
      ExposedPorts: Object.fromEntries(ports.map((port) => [port, {}])),
      Labels: {
        'org.opencontainers.image.title': `vdi-operator ${recipe.name}`,
        'org.opencontainers.image.description': recipe.summary,
        'org.opencontainers.image.licenses': 'Apache-2.0',
        [fingerprintLabel]: fingerprint,
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ digest }) => `sha256:${digest}`) },
    history: layers.map((_, index) => ({ created_by: `vdi images build ${recipe.name}, layer ${index + 1}` })),
  };
}

/** Go's names of processor architectures, which images use. */
export function ociArchitecture(arch: NodeJS.Architecture): string {
  return arch === 'x64' ? 'amd64' : arch;
}
