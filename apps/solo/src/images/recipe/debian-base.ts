/** The one Debian that all images stand on. */
export const debianBase = {
  suite: 'trixie',
  /** The same release where a registry answers. */
  registryImage: 'docker.io/library/debian:trixie-slim',
} as const;

/** What no image needs: manuals and translations. Copyright files stay, as the licences ask. */
export const neverUnpacked = {
  leaveOut: [
    '/usr/share/man/*',
    '/usr/share/info/*',
    '/usr/share/locale/*',
    '/usr/share/lintian/*',
    '/usr/share/doc/*',
  ],
  keep: ['/usr/share/doc/*/copyright'],
} as const;
