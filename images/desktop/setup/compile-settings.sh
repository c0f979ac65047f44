# Settings and caches that programs would otherwise make at every start, or not at all on a read-only root.
set -eu
cat > /usr/share/glib-2.0/schemas/90_vdi.gschema.override <<'END'
# What was not saved when the desktop was stopped is there again when it resumes.
[org.xfce.mousepad.preferences.file]
session-restore='unsaved-documents'
autosave-timer=5
END
"$(find /usr/lib -name glib-compile-schemas)" --strict /usr/share/glib-2.0/schemas
fc-cache --system-only
