# Reads every plug-in once, so that no container has to when it starts: its root is read-only.
set -eu
mkdir -p /usr/share/vdi
GST_REGISTRY=/usr/share/vdi/gstreamer-registry.bin GST_REGISTRY_FORK=no gst-inspect-1.0 > /dev/null
for element in appsrc appsink x264enc openh264enc vp8enc opusenc pulsesrc; do
  GST_REGISTRY=/usr/share/vdi/gstreamer-registry.bin gst-inspect-1.0 --exists "$element" || { echo "GStreamer has no $element" >&2; exit 1; }
done
