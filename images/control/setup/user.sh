# The user of the image. Nobody signs in as it, and it has no home.
set -eu
echo 'vdi:x:1000:1000:vdi:/:/usr/sbin/nologin' >> /etc/passwd
echo 'vdi:x:1000:' >> /etc/group
