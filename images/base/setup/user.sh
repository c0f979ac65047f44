# The user of the images. Sessions may run under another uid: then /etc/passwd comes from their ConfigMap.
set -eu
echo 'user:x:1000:1000:user:/home/user:/bin/bash' >> /etc/passwd
echo 'user:x:1000:' >> /etc/group
install -d -m 0755 -o 1000 -g 1000 /home/user
# Where volumes are mounted: on a read-only root nobody could make these later.
install -d -m 1777 /tmp/.X11-unix
install -d -m 0755 -o 1000 -g 1000 /run/vdi /run/user
