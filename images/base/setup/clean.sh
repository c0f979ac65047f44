# Leaves nothing of the machine that built the image, and nothing that differs from build to build without a reason.
set -eu
rm -f /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/99mmdebstrap /etc/dpkg/dpkg.cfg.d/99mmdebstrap
rm -f /etc/machine-id /var/lib/dbus/machine-id
: > /etc/machine-id
find /var/log -type f -delete
rm -rf /var/cache/debconf/*-old /var/cache/ldconfig/aux-cache /var/lib/dpkg/*-old
find / -xdev -name __pycache__ -type d -prune -exec rm -rf {} +
# Packages need these while they are installed, and a container has another first process.
rm -rf /usr/lib/systemd /usr/lib/*-linux-gnu/systemd /usr/lib/udev
