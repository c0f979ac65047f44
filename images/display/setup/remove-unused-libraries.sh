# GStreamer's packages depend on the libraries of every plug-in they hold. Removes those that only the plug-ins left out would load: 300 MB.
# What is found at run time by name (dlopen) cannot be seen here and is kept by name.
set -eu
libraries=$(dirname "$(find /usr/lib -name 'libc.so.6')")
cd "$libraries"

# Plug-ins of libraries that nothing here uses, and which need libraries of their own.
rm -rf alsa-lib gdk-pixbuf-2.0 gtk-3.0 pipewire-* spa-*

{
  find /usr/bin /usr/sbin /usr/libexec /usr/lib/apt -type f -perm -u+x
  find "$libraries" -mindepth 2 -name '*.so*' -type f
  find "$libraries" -maxdepth 1 \( -name 'libgst*' -o -name 'libyuv*' -o -name 'libGL*' -o -name 'libEGL*' -o -name 'libgallium*' \
    -o -name 'libX*' -o -name 'libxcb*' -o -name 'libpulse*' -o -name 'libva*' -o -name 'libdrm*' -o -name 'libgcc_s*' -o -name 'libatomic*' \)
  dpkg -L libc6 | grep '\.so'
} | sort -u > /tmp/roots

# gst-play and the GTK plug-in are no reason to keep their libraries.
grep -v -e /libgstgtk -e /libgstplay -e /libgsttranscoder /tmp/roots \
  | xargs ldd 2>/dev/null | grep -o '/[^ ]*' | cat - /tmp/roots | grep '^/' | sort -u | xargs realpath 2>/dev/null | sort -u > /tmp/needed
find "$libraries" -maxdepth 1 -name '*.so*' -type f | sort > /tmp/present
comm -13 /tmp/needed /tmp/present | xargs rm -f
find "$libraries" -maxdepth 1 -xtype l -name '*.so*' -delete
rm -f /tmp/roots /tmp/needed /tmp/present

# What GTK's packages bring, and no program here shows.
rm -rf /usr/share/icons /usr/share/mime /usr/share/gtk-3.0 /usr/share/themes /usr/share/sounds
