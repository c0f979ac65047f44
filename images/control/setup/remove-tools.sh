# Leaves what Node.js needs, and a shell with the plain commands to look around with. Package managers, interpreters and programs that change users are of
# use only to intruders here. The packages that stay are still listed for those who scan images.
set -eu
kept='base-files base-passwd coreutils dash debianutils dpkg findutils gcc-14-base grep libacl1 libattr1 libbz2-1.0 libc-bin libc6 libcap2 libgcc-s1 libgmp10
  liblzma5 libmd0 libpcre2-8-0 libselinux1 libssl3t64 libstdc++6 libsystemd0 libzstd1 sed tini tzdata zlib1g'
purge() {
  DEBIAN_FRONTEND=noninteractive dpkg --purge --force-depends --force-remove-essential --force-remove-protected "$@" > /dev/null 2> /tmp/purge.log || {
    cat /tmp/purge.log >&2
    exit 1
  }
  rm -f /tmp/purge.log
}

# These ask debconf when they are removed, so they go before it.
purge libpam-modules libpam-modules-bin libpam-runtime libpam0g login passwd
echo "$kept" | tr -s ' \n' '\n' > /tmp/kept
purge $(dpkg-query --show --showformat '${Package}\n' | grep --line-regexp --fixed-strings --invert-match --file /tmp/kept)
# Folders of apt stay: whatever installs packages from outside tidies up in them last.
rm -rf /tmp/kept /etc/pam.d /etc/security /etc/systemd /usr/share/debconf /usr/share/perl5 /var/cache/debconf

broken=$(find /usr/bin /usr/sbin -type f -exec ldd {} + 2> /dev/null | grep 'not found' || true)
[ -z "$broken" ] || { echo "E: Libraries are missing: $broken" >&2; exit 1; }
